package org.rolescope.export;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rolescope.export.testing.BadExport;
import org.rolescope.export.testing.SnapshotCopy;
import org.rolescope.fault.FaultCode;

/** A tokenizer that does not fit the model is found at export, not at the first prompt. */
class BadTokenizerTest {
  @TempDir Path folder;

  static Stream<Arguments> tokenizers() {
    return Stream.of(
        arguments("no model", "{}", "it has no model"),
        arguments("model a text", "{\"model\": \"BPE\"}", "its model is no JSON object"),
        arguments("no vocabulary", "{\"model\": {\"type\": \"BPE\"}}", "its model has no vocab"),
        arguments("no merges", model("{\"a\": 0}", "\"x\": 0"), "is BPE but has no merges"),
        arguments("vocabulary a number", model("7", "\"merges\": []"), "neither an object nor"),
        arguments("id beyond", model("{\"a\": 1600}", "\"merges\": []"), "\"a\" is not among the"),
        arguments("id negative", model("{\"a\": -1}", "\"merges\": []"), "\"a\" is not among the"),
        arguments(
            "id huge",
            model("{\"a\": 4294967296}", "\"merges\": []"),
            "\"a\" is not among the 1600 of the vocabulary"),
        arguments(
            "id beyond long",
            model("{\"a\": 99999999999999999999}", "\"merges\": []"),
            "\"a\" is not among the"),
        arguments("id a text", model("{\"a\": \"0\"}", "\"merges\": []"), "is no whole number"),
        arguments("id a fraction", model("{\"a\": 0.5}", "\"merges\": []"), "is no whole number"),
        arguments(
            "list too long",
            "{\"model\": {\"type\": \"Unigram\", \"vocab\": [" + "0,".repeat(1600) + "0]}}",
            "is not among the 1600"),
        arguments(
            "added token beyond",
            "{\"added_tokens\": [{\"id\": 1600, \"content\": \"<pad>\"}]}",
            "is not among the 1600"),
        arguments("added token a number", "{\"added_tokens\": [7]}", "an entry of added_tokens"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tokenizers")
  void faultIsNamed(String name, String content, String expected) throws IOException {
    SnapshotCopy snapshot = SnapshotCopy.in(folder);
    Files.writeString(snapshot.file("tokenizer.json"), content);
    BadExport.assertFault(
        folder,
        snapshot.folder(),
        FaultCode.MALFORMED_MODEL,
        "tokenizer.json does not fit the model",
        expected);
  }

  @Test
  void vocabularyLargerThanItsTokensIsNoFault() throws IOException {
    SnapshotCopy snapshot = SnapshotCopy.in(folder);
    Files.writeString(snapshot.file("tokenizer.json"), model("{\"a\": 1599}", "\"merges\": []"));
    new Exporter().export(ExportRequest.of(snapshot.folder(), folder.resolve("bundle")));
  }

  private static String model(String vocabulary, String more) {
    return "{\"model\": {\"type\": \"BPE\", \"vocab\": %s, %s}}".formatted(vocabulary, more);
  }
}

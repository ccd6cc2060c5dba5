package org.rolescope.export;

import static org.rolescope.export.testing.BadSnapshots.configure;
import static org.rolescope.export.testing.BadSnapshots.cut;
import static org.rolescope.export.testing.BadSnapshots.delete;
import static org.rolescope.export.testing.BadSnapshots.enlarge;
import static org.rolescope.export.testing.BadSnapshots.malformed;
import static org.rolescope.export.testing.BadSnapshots.missing;
import static org.rolescope.export.testing.BadSnapshots.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rolescope.export.testing.BadExport;
import org.rolescope.export.testing.BadExport.Damage;
import org.rolescope.export.testing.DemoModels;
import org.rolescope.export.testing.SafetensorsBytes;
import org.rolescope.export.testing.SnapshotCopy;
import org.rolescope.fault.FaultCode;

/**
 * Every kind of bad checkpoint ends in one sentence and leaves nothing behind. The kinds, more than
 * a hundred with those of {@link BadConfigurationTest}, {@link BadShardIndexTest}, {@link
 * BadTokenizerTest} and {@code SafetensorsFileTest} (which has the defects inside a weight file:
 * headers that lie about their length or are too large, text that is no JSON or too deep, shapes
 * and offsets that are negative, overlap, leave holes, overflow, reach beyond the file or disagree,
 * tensors that are there twice):
 *
 * <ul>
 *   <li>parts that are missing, of another format, folders, symbolic links in a circle or out of
 *       the folder
 *   <li>files that are cut off, empty, too large, no JSON, JSON of another kind, too deeply nested
 *   <li>tensors that are missing, of another type or shape than the configuration says; weights
 *       that are NaN or infinite
 * </ul>
 */
class BadSnapshotTest {
  @TempDir Path folder;

  static Stream<Arguments> missingParts() {
    return Stream.of(
        missing("no config", delete("config.json"), "has no file config.json"),
        missing("no weights", delete("model.safetensors"), "has no file model.safetensors"),
        missing("no tokenizer", delete("tokenizer.json"), "has no file tokenizer.json"),
        missing(
            "pickled weights",
            snapshot ->
                Files.move(snapshot.file("model.safetensors"), snapshot.file("pytorch_model.bin")),
            "it has pytorch_model.bin, but that format cannot be read"),
        missing(
            "sentencepiece tokenizer",
            snapshot ->
                Files.move(snapshot.file("tokenizer.json"), snapshot.file("tokenizer.model")),
            "it has tokenizer.model, but that format cannot be read"),
        missing(
            "symlink loop",
            snapshot -> {
              Path file = snapshot.file("model.safetensors");
              Files.delete(file);
              Files.createSymbolicLink(file, file.getFileName());
            },
            "has no file model.safetensors"),
        missing(
            "folder instead of weights",
            snapshot -> {
              Files.delete(snapshot.file("model.safetensors"));
              Files.createDirectory(snapshot.file("model.safetensors"));
            },
            "has no file model.safetensors"));
  }

  static Stream<Arguments> badFiles() {
    return Stream.of(
        malformed("config no JSON", write("config.json", "{"), "config.json is damaged"),
        malformed("config a list", write("config.json", "[1]"), "is not one JSON object"),
        malformed("config twice", write("config.json", "{}{}"), "config.json is damaged"),
        malformed("config empty", write("config.json", ""), "config.json is"),
        malformed(
            "config duplicate",
            write("config.json", "{\"vocab_size\":1,\"vocab_size\":2}"),
            "Duplicate field"),
        malformed(
            "config deep", write("config.json", "{\"a\":" + "[".repeat(5_000)), "nesting depth"),
        malformed("config huge", enlarge("config.json", 17L << 20), "at most 16777216 are allowed"),
        malformed("tokenizer no JSON", write("tokenizer.json", "PK"), "tokenizer.json is damaged"),
        malformed("tokenizer a list", write("tokenizer.json", "[]"), "is not one JSON object"),
        malformed("tokenizer cut off", cut("tokenizer.json", 100), "tokenizer.json is damaged"),
        malformed(
            "tokenizer huge",
            enlarge("tokenizer.json", (256L << 20) + 1),
            "at most 268435456 are allowed"),
        malformed("weights cut off", cut("model.safetensors", 1_000_000), "ends at data byte"),
        malformed(
            "weights linked from elsewhere",
            snapshot -> {
              Path file = snapshot.file("model.safetensors");
              Path elsewhere = snapshot.folder().resolveSibling("elsewhere.safetensors");
              Files.move(file, elsewhere);
              Files.createSymbolicLink(file, elsewhere);
            },
            "is a link that leads out of its folder"),
        malformed(
            "tokenizer settings linked from elsewhere",
            snapshot -> {
              Path file = snapshot.file("tokenizer_config.json");
              Path elsewhere = snapshot.folder().resolveSibling("secret.json");
              Files.move(file, elsewhere);
              Files.createSymbolicLink(file, elsewhere);
            },
            "tokenizer_config.json is a link that leads out of its folder"),
        malformed("weights empty", write("model.safetensors", ""), "it has 0 bytes"),
        malformed(
            "tensor missing",
            snapshot -> snapshot.replace("model.safetensors", "model.norm.w", "model.mron.w"),
            "have no tensor model.norm.weight, which config.json calls for with shape [128]"),
        malformed(
            "tensor of another type",
            snapshot -> {
              Path file = snapshot.file("model.safetensors");
              Map<String, SafetensorsBytes.Tensor> tensors = SafetensorsBytes.read(file);
              tensors.put("model.norm.weight", SafetensorsBytes.zeros("I16", 128));
              SafetensorsBytes.write(file, tensors);
            },
            "model.norm.weight in",
            "has element type I16, which is not supported"),
        malformed(
            "shapes disagree",
            configure("\"intermediate_size\": 352", "\"intermediate_size\": 351"),
            "model.layers.0.mlp.gate_proj.weight",
            "has shape [352, 128] but config.json calls for [351, 128]"),
        malformed(
            "vocabulary disagrees",
            configure("\"vocab_size\": 1600", "\"vocab_size\": 1601"),
            "model.embed_tokens.weight",
            "calls for [1601, 128]"),
        malformed(
            "one layer too many",
            configure("\"num_hidden_layers\": 6", "\"num_hidden_layers\": 7"),
            "have no tensor model.layers.6.input_layernorm.weight"),
        malformed(
            "untied without output matrix",
            configure("\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false"),
            "have no tensor lm_head.weight"));
  }

  static Stream<Arguments> badNumbers() {
    return Stream.of(
        number("F32 NaN", "F32", 0x7fc0_0001, 127, "byte 508 of tensor model.norm.weight"),
        number("F32 infinity", "F32", 0xff80_0000, 0, "byte 0 of tensor model.norm.weight"),
        number("F16 infinity", "F16", 0x7c00, 5, "byte 10 of tensor model.norm.weight"),
        number("BF16 NaN", "BF16", 0xffff, 1, "byte 2 of tensor model.norm.weight is NaN"));
  }

  private static Arguments number(String name, String type, int bits, int place, String expected) {
    Damage damage =
        snapshot -> {
          Path file = snapshot.file("model.safetensors");
          Map<String, SafetensorsBytes.Tensor> tensors = SafetensorsBytes.read(file);
          tensors.put("model.norm.weight", SafetensorsBytes.spoilt(type, 128, place, bits));
          SafetensorsBytes.write(file, tensors);
        };
    return malformed(name, damage, expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"missingParts", "badFiles", "badNumbers"})
  void faultIsOneSentenceAndNothingIsLeft(
      String name, Damage damage, FaultCode code, String[] expected) throws IOException {
    SnapshotCopy snapshot = SnapshotCopy.in(folder);
    damage.spoil(snapshot);
    assertFault(snapshot.folder(), code, expected);
  }

  @Test
  void missingFolderIsNotFound() {
    assertFault(folder.resolve("none"), FaultCode.NOT_FOUND, "There is no folder", "config.json");
  }

  @Test
  void fileInsteadOfAFolderIsNotFound() {
    Path file = DemoModels.snapshot("base").resolve("config.json");
    assertFault(file, FaultCode.NOT_FOUND, "There is no folder");
  }

  private void assertFault(Path snapshot, FaultCode code, String... expected) {
    BadExport.assertFault(folder, snapshot, code, expected);
  }
}

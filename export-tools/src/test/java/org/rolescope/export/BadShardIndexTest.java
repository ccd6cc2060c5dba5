package org.rolescope.export;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.export.testing.BadExport;
import org.rolescope.export.testing.BadExport.Damage;
import org.rolescope.export.testing.SnapshotCopy;
import org.rolescope.fault.FaultCode;

/** An index of shards is not believed: not its file names, and not its places of tensors. */
class BadShardIndexTest {
  private static final String INDEX = "model.safetensors.index.json";
  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";

  @TempDir Path folder;
  private SnapshotCopy snapshot;

  @BeforeEach
  void cutIntoShards() throws IOException {
    snapshot = SnapshotCopy.in(folder).inShards(FIRST, SECOND);
  }

  @Test
  void shardsAreExported() {
    ExportedBundle bundle =
        new Exporter().export(ExportRequest.of(snapshot.folder(), folder.resolve("bundle")));
    assertTrue(bundle.manifest().weightFiles().stream().allMatch(file -> file.file() != null));
    assertTrue(Files.isRegularFile(bundle.folder().resolve("stages").resolve(SECOND)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../snapshot/model-00001-of-00002.safetensors",
        "..",
        "",
        ".safetensors",
        ".hidden.safetensors",
        "/etc/passwd.safetensors",
        "sub/model.safetensors",
        "sub\\\\model.safetensors",
        "C:model.safetensors",
        "embed.onnx",
        "model\\u0000.safetensors",
        "model\\n.safetensors",
      })
  void nameThatIsNotPlainIsRejected(String name) throws IOException {
    snapshot.replace(INDEX, "\"" + FIRST + "\"", "\"" + name + "\"");
    assertFault(FaultCode.MALFORMED_MODEL, "is not the plain name of a .safetensors file");
  }

  static Stream<Arguments> indexes() {
    return Stream.of(
        arguments("no JSON", "{", "index.json is damaged"),
        arguments("a list", "[]", "is not one JSON object"),
        arguments("no map", "{}", "weight_map is no JSON object"),
        arguments("map a list", "{\"weight_map\": []}", "weight_map is no JSON object"),
        arguments("map empty", "{\"weight_map\": {}}", "weight_map is empty"),
        arguments("name a number", "{\"weight_map\": {\"a\": 7}}", "7 is not the plain name"),
        arguments("name null", "{\"weight_map\": {\"a\": null}}", "null is not the plain name"),
        arguments("name a list", "{\"weight_map\": {\"a\": []}}", "[] is not the plain name"),
        arguments(
            "tensor twice",
            "{\"weight_map\": {\"a\": \"%s\", \"a\": \"%s\"}}".formatted(FIRST, SECOND),
            "Duplicate field 'a'"),
        arguments(
            "tensor nowhere",
            "{\"weight_map\": {\"a\": \"%s\"}}".formatted(FIRST),
            "it says that tensor a is in " + FIRST + " but it is not"),
        arguments(
            "tensor elsewhere",
            "{\"weight_map\": {\"model.norm.weight\": \"%s\", \"x\": \"%s\"}}"
                .formatted(FIRST, SECOND),
            "it says that tensor model.norm.weight is in " + FIRST),
        arguments("too deep", "{\"a\":" + "[".repeat(5_000), "nesting depth"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("indexes")
  void badIndexIsRejected(String name, String content, String expected) throws IOException {
    Files.writeString(snapshot.file(INDEX), content);
    assertFault(FaultCode.MALFORMED_MODEL, expected, INDEX);
  }

  static Stream<Arguments> shards() {
    return Stream.of(
        arguments("missing", damage(Files::delete), FaultCode.NOT_FOUND, "has no file " + SECOND),
        arguments(
            "folder",
            damage(
                file -> {
                  Files.delete(file);
                  Files.createDirectory(file);
                }),
            FaultCode.NOT_FOUND,
            "has no file " + SECOND),
        arguments(
            "link in a circle",
            damage(
                file -> {
                  Files.delete(file);
                  Files.createSymbolicLink(file, file.getFileName());
                }),
            FaultCode.NOT_FOUND,
            "has no file " + SECOND),
        arguments(
            "link out of the folder",
            damage(
                file -> {
                  Files.move(file, file.getParent().resolveSibling("elsewhere"));
                  Files.createSymbolicLink(file, Path.of("..", "elsewhere"));
                }),
            FaultCode.MALFORMED_MODEL,
            "is a link that leads out of its folder"),
        arguments(
            "link to the other shard",
            damage(
                file -> {
                  Files.delete(file);
                  Files.createSymbolicLink(file, Path.of(FIRST));
                }),
            FaultCode.MALFORMED_MODEL,
            "is both in " + FIRST + " and in " + SECOND),
        arguments(
            "no safetensors",
            damage(file -> Files.writeString(file, "PK")),
            FaultCode.MALFORMED_MODEL,
            "it has 2 bytes"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shards")
  void badShardIsRejected(String name, Damage damage, FaultCode code, String expected)
      throws IOException {
    damage.spoil(snapshot);
    assertFault(code, expected);
  }

  @Test
  void tensorsNoModelNeedsAreNotCheckedForNumbers() throws IOException {
    snapshot.addTensor(FIRST, "rotary.buffer", "F32", 0x7fc0_0000);
    new Exporter().export(ExportRequest.of(snapshot.folder(), folder.resolve("bundle")));
  }

  /** Something done to a file. */
  @FunctionalInterface
  private interface FileDamage {
    void spoil(Path file) throws IOException;
  }

  private static Damage damage(FileDamage damage) {
    return snapshot -> damage.spoil(snapshot.file(SECOND));
  }

  private void assertFault(FaultCode code, String... expected) {
    BadExport.assertFault(folder, snapshot.folder(), code, expected);
  }
}

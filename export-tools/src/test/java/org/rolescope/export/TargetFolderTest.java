package org.rolescope.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.export.testing.DemoModels;
import org.rolescope.export.testing.FileTree;
import org.rolescope.export.testing.SnapshotCopy;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** What an export does with what is already in its place, and what it leaves behind. */
class TargetFolderTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir Path folder;
  private Path models;
  private ExportRequest base;
  private ExportRequest instruct;

  @BeforeEach
  void requests() throws IOException {
    models = Files.createDirectory(folder.resolve("models"));
    base = ExportRequest.of(DemoModels.snapshot("base"), models.resolve("model"));
    instruct = ExportRequest.of(DemoModels.snapshot("instruct"), models.resolve("model"));
  }

  @Test
  void sameBundleIsLeftAsItIs() throws IOException {
    ExportedBundle first = new Exporter().export(base);
    Path manifest = first.folder().resolve("rolescope.json");
    Files.setLastModifiedTime(manifest, LONG_AGO);
    ExportedBundle second = new Exporter().export(base);
    assertFalse(second.written());
    assertEquals(first.manifest(), second.manifest());
    assertEquals(LONG_AGO, Files.getLastModifiedTime(manifest));
    assertEquals(Set.of("model"), entries());
  }

  @Test
  void anotherBundleIsReplacedOnlyWhereAsked() throws IOException {
    ExportedBundle first = new Exporter().export(base);
    assertFault(instruct, FaultCode.CONFLICT, "holds another bundle");
    ExportedBundle again = new Exporter().export(base);
    assertFalse(again.written());
    ExportedBundle second = new Exporter().export(instruct.withOverwrite(true));
    assertTrue(second.written());
    assertFalse(first.manifest().digest().equals(second.manifest().digest()));
    assertEquals(Set.of("model"), entries());
  }

  @Test
  void bundleThatLostAFileIsMadeWhole() throws IOException {
    ExportedBundle first = new Exporter().export(base);
    for (String name : new String[] {"stages/block_001.onnx", "stages/model.safetensors"}) {
      Files.delete(first.folder().resolve(name));
      assertTrue(new Exporter().export(base).written());
      assertTrue(Files.exists(first.folder().resolve(name)));
    }
    Files.writeString(first.folder().resolve("stages/embed.onnx"), "damaged");
    assertTrue(new Exporter().export(base).written());
    assertFalse(new Exporter().export(base).written());
  }

  @Test
  void damagedManifestCountsAsAnotherBundle() throws IOException {
    ExportedBundle first = new Exporter().export(base);
    Files.writeString(first.folder().resolve("rolescope.json"), "{");
    assertFault(base, FaultCode.CONFLICT, "holds another bundle");
    assertTrue(new Exporter().export(base.withOverwrite(true)).written());
  }

  @Test
  void emptyFolderIsFilled() throws IOException {
    Files.createDirectory(base.bundle());
    assertTrue(new Exporter().export(base).written());
  }

  @Test
  void missingParentsAreMade() throws IOException {
    ExportRequest deep = ExportRequest.of(base.snapshot(), models.resolve("a/b/model"));
    assertTrue(new Exporter().export(deep).written());
  }

  @Test
  void folderThatIsNoBundleIsNeverReplaced() throws IOException {
    Path file = Files.createDirectory(base.bundle()).resolve("thesis.txt");
    Files.writeString(file, "years of work");
    assertFault(base.withOverwrite(true), FaultCode.CONFLICT, "is no model bundle");
    assertEquals("years of work", Files.readString(file));
  }

  @Test
  void fileInThePlaceOfTheBundleStays() throws IOException {
    Files.writeString(base.bundle(), "mine");
    assertFault(base.withOverwrite(true), FaultCode.CONFLICT, "is not a folder");
  }

  @Test
  void checkpointIsNeverReplacedByItsBundle() throws IOException {
    SnapshotCopy snapshot = SnapshotCopy.in(models);
    ExportRequest itself = ExportRequest.of(snapshot.folder(), snapshot.folder());
    assertFault(itself.withOverwrite(true), FaultCode.CONFLICT, "is no model bundle");
    Files.writeString(models.resolve("rolescope.json"), "{}");
    ExportRequest around = ExportRequest.of(snapshot.folder(), models);
    assertFault(around.withOverwrite(true), FaultCode.INVALID_ARGUMENT, "lies inside");
    assertTrue(Files.exists(snapshot.file("model.safetensors")));
  }

  @Test
  void rootOfTheFileSystemIsNoBundle() {
    ExportRequest root = ExportRequest.of(base.snapshot(), models.getRoot());
    assertFault(root, FaultCode.INVALID_ARGUMENT, "root of the file system");
  }

  @Test
  void parentThatIsAFileIsNamed() throws IOException {
    Files.writeString(models.resolve("file"), "");
    ExportRequest below = ExportRequest.of(base.snapshot(), models.resolve("file/model"));
    assertFault(below, FaultCode.RESOURCE_EXHAUSTED, "cannot be written");
    assertEquals(Set.of("file"), entries());
  }

  @Test
  void failureOnTheWayLeavesNothingBehind() throws IOException {
    Exporter failing =
        new Exporter(
            (link, existing) -> {
              throw new IllegalStateException("power cut");
            });
    ExportRequest deep = ExportRequest.of(base.snapshot(), models.resolve("a/b/model"));
    assertThrows(IllegalStateException.class, () -> failing.export(deep));
    assertTrue(FileTree.isEmpty(models));
  }

  @Test
  void layersPerStageMustBePositive() {
    RolescopeException fault =
        assertThrows(RolescopeException.class, () -> base.withLayersPerStage(0));
    assertEquals(FaultCode.INVALID_ARGUMENT, fault.code());
  }

  private static void assertFault(ExportRequest request, FaultCode code, String expected) {
    RolescopeException fault =
        assertThrows(RolescopeException.class, () -> new Exporter().export(request));
    assertEquals(code, fault.code(), fault.getMessage());
    assertTrue(fault.getMessage().contains(expected), fault.getMessage());
  }

  private Set<String> entries() throws IOException {
    try (Stream<Path> entries = Files.list(models)) {
      return entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toSet());
    }
  }
}

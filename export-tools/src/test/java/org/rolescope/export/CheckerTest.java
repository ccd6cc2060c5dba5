package org.rolescope.export;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.export.testing.DemoModels;
import org.rolescope.export.testing.OnnxChecker;
import org.rolescope.tensors.bundle.Stage;

/** Every stage on disk passes the ONNX project's own checker, with full shape inference. */
class CheckerTest {
  @TempDir Path folder;

  @BeforeAll
  static void loadChecker() {
    OnnxChecker.load();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void everyStagePasses(int layersPerStage) {
    ExportedBundle bundle =
        new Exporter()
            .export(
                ExportRequest.of(DemoModels.snapshot("base"), folder.resolve("bundle"))
                    .withLayersPerStage(layersPerStage));
    for (Stage stage : bundle.manifest().stages()) {
      assertDoesNotThrow(
          () -> OnnxChecker.check(bundle.folder().resolve(stage.file())), stage.file());
    }
  }

  @Test
  void theCheckerDoesReject() throws IOException {
    ExportedBundle bundle =
        new Exporter()
            .export(ExportRequest.of(DemoModels.snapshot("base"), folder.resolve("bundle")));
    Files.delete(bundle.folder().resolve(bundle.manifest().weightFiles().getFirst().file()));
    assertThrows(
        RuntimeException.class,
        () -> OnnxChecker.check(bundle.folder().resolve("stages/block_000.onnx")));
  }
}

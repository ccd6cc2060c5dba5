package org.rolescope.export;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.onnx.global.onnx;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.export.testing.DemoModels;
import org.rolescope.tensors.bundle.Stage;

/** Every stage on disk passes the ONNX project's own checker, with full shape inference. */
class CheckerTest {
  @TempDir Path folder;

  @BeforeAll
  static void loadChecker() {
    try {
      Loader.load(onnx.class);
    } catch (LinkageError | RuntimeException missing) {
      String reason = "the ONNX checker has no native library for this platform: " + missing;
      System.out.println("skipped: " + reason);
      Assumptions.abort(reason);
    }
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
      assertDoesNotThrow(() -> check(bundle.folder().resolve(stage.file())), stage.file());
    }
  }

  @Test
  void theCheckerDoesReject() throws IOException {
    ExportedBundle bundle =
        new Exporter()
            .export(ExportRequest.of(DemoModels.snapshot("base"), folder.resolve("bundle")));
    Files.delete(bundle.folder().resolve(bundle.manifest().weightFiles().getFirst().file()));
    assertThrows(
        RuntimeException.class, () -> check(bundle.folder().resolve("stages/block_000.onnx")));
  }

  private static void check(Path model) {
    boolean fullCheck = true;
    boolean skipOperatorSetCheck = false;
    boolean checkCustomDomain = false;
    onnx.check_model(model.toString(), fullCheck, skipOperatorSetCheck, checkCustomDomain);
  }
}

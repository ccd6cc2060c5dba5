package org.rolescope.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.export.testing.OnnxChecker;
import org.rolescope.export.testing.StageChain;
import org.rolescope.export.testing.TinyModel;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageWeight;

/** A vocabulary too large for one stage is cut into several, which together say the same. */
class UnembeddingPartsTest {
  private static final long ROW_BYTES = 24 * Float.BYTES;
  private static final long[][] IDS = {{3, 1, 4, 1, 5}, {9, 2, 6, 5, 3}};

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"F32, 20, 3, 17 17 16", "BF16, 25, 2, 25 25", "F16, 1, 50, 1"})
  void partsJoinToTheWhole(String type, int maxTokens, int count, String sizes)
      throws IOException, OrtException {
    OnnxChecker.load();
    Path snapshot = model(type);
    ExportedBundle whole = new Exporter().export(request(snapshot, "whole"));
    ExportedBundle parts = export(snapshot, maxTokens * ROW_BYTES + ROW_BYTES - 1);
    List<Stage> stages =
        parts.manifest().stages().stream()
            .filter(stage -> stage.kind() == Stage.Kind.UNEMBED)
            .toList();
    assertEquals(count, stages.size());
    assertEquals("stages/unembed_001.onnx", stages.get(1).file());
    assertDoesNotThrow(() -> OnnxChecker.check(parts.folder().resolve(stages.get(1).file())));
    for (int part = 0; part < sizes.split(" ").length; part++) {
      long size = Long.parseLong(sizes.split(" ")[part]);
      assertEquals(List.of(size, 24L), stages.get(part).weights().getLast().shape());
    }
    assertArrayEquals(
        StageChain.of(whole.folder(), whole.manifest()).run(IDS).get("logits"),
        StageChain.of(parts.folder(), parts.manifest()).run(IDS).get("logits"),
        1e-6f);
  }

  @Test
  void partsLieOneBehindTheOtherInTheStoredTensor() throws IOException {
    Path snapshot = model("BF16");
    StageWeight whole =
        matrix(new Exporter().export(request(snapshot, "whole")).manifest().stages().getLast());
    long end = whole.offsetBytes();
    for (Stage stage : export(snapshot, 7 * ROW_BYTES).manifest().stages()) {
      if (stage.kind() == Stage.Kind.UNEMBED) {
        assertEquals(end, matrix(stage).offsetBytes());
        assertEquals(whole.name(), matrix(stage).name());
        end += matrix(stage).sizeBytes();
      }
    }
    assertEquals(whole.offsetBytes() + whole.sizeBytes(), end);
  }

  private static StageWeight matrix(Stage stage) {
    return stage.weights().getLast();
  }

  private Path model(String type) throws IOException {
    return TinyModel.rotary("llama", "LlamaForCausalLM", "")
        .storedAs(name -> type)
        .write(folder.resolve("snapshot"));
  }

  private ExportedBundle export(Path snapshot, long maxUnembeddingBytes) {
    return new Exporter(WeightLinker.HARD_LINK, maxUnembeddingBytes)
        .export(request(snapshot, "parts"));
  }

  private ExportRequest request(Path snapshot, String name) {
    return ExportRequest.of(snapshot, folder.resolve(name));
  }
}

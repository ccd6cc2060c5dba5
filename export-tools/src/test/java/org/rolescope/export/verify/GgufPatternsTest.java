package org.rolescope.export.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.export.gguf.GgufCheckpoint;
import org.rolescope.export.testing.DemoModels;
import org.rolescope.export.testing.GgufFiles;

/** Attention patterns of the demo model read from GGUF, against those of its checkpoint. */
class GgufPatternsTest {
  private static final int LAYERS = 6;

  /** A pattern's entries lie between 0 and 1; 8 bits leave about three digits of a weight. */
  private static final double Q8_TOLERANCE = 0.05;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"F32", "BF16"})
  void losslessFilesGiveEqualPatterns(String type) throws IOException {
    assertEquals(0, largestDifference(GgufFiles.demo(type)));
  }

  @Test
  void quantisedFilesGiveClosePatterns() throws IOException {
    double difference = largestDifference(Files.readAllBytes(GgufFiles.golden("demo-q8.gguf")));
    assertTrue(difference > 0 && difference < Q8_TOLERANCE, "patterns differ by " + difference);
  }

  private double largestDifference(byte[] gguf) throws IOException {
    ReferencePass expected = pass(DemoModels.snapshot("base"));
    ReferencePass actual =
        pass(GgufCheckpoint.make(Files.write(folder.resolve("demo.gguf"), gguf)).folder());
    double largest = 0;
    for (int layer = 0; layer < LAYERS; layer++) {
      for (int prompt = 0; prompt < DemoModels.PROMPTS; prompt++) {
        DoubleBuffer one = expected.pattern(layer, prompt).values();
        DoubleBuffer other = actual.pattern(layer, prompt).values();
        assertEquals(one.remaining(), other.remaining());
        while (one.hasRemaining()) {
          largest = Math.max(largest, Math.abs(one.get() - other.get()));
        }
      }
    }
    return largest;
  }

  private static ReferencePass pass(Path snapshot) {
    List<List<Long>> prompts =
        IntStream.range(0, DemoModels.PROMPTS)
            .mapToObj(prompt -> Arrays.stream(DemoModels.ids("base", prompt)).boxed().toList())
            .toList();
    return new ReferencePass(
        ReferenceModel.open(
            snapshot.resolve("config.json"), List.of(snapshot.resolve("model.safetensors"))),
        prompts);
  }
}

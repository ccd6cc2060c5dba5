package org.rolescope.export.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rolescope.export.safetensors.SafetensorsFile;
import org.rolescope.export.testing.GgufFiles;

/**
 * Every type against what {@code gguf.dequantize} of PyPI's gguf 0.19.0 makes of it, bit for bit
 * ({@code reference/gguf/make_golden.py}).
 */
class GoldenTypesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(GgufType.class)
  void numbersAreThoseOfTheReference(GgufType type) throws IOException {
    GgufFile file = GgufFile.read(GgufFiles.golden("types.gguf"));
    GgufTensor tensor =
        file.tensors().stream().filter(each -> each.name().equals(type.name())).findFirst().get();
    assertEquals(type, tensor.type());
    assertEquals(List.of(3L, 512L), tensor.shape());
    Path written = folder.resolve("written.safetensors");
    file.use(
        bytes -> {
          CheckpointWeightsWriter.write(
              bytes, List.of(new Placement(tensor, type.name(), RowOrder.SAME)), written);
          return written;
        });
    float[] expected =
        GgufFiles.numbers(SafetensorsFile.read(GgufFiles.golden("types.safetensors")), type.name());
    float[] actual = GgufFiles.numbers(SafetensorsFile.read(written), type.name());
    assertEquals(3 * 512, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(
          Float.floatToRawIntBits(expected[i]), Float.floatToRawIntBits(actual[i]), "number " + i);
    }
  }
}

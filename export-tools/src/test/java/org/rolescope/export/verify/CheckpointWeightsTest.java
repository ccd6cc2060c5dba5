package org.rolescope.export.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.export.testing.SafetensorsBytes;
import org.rolescope.export.testing.SafetensorsBytes.Tensor;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

class CheckpointWeightsTest {
  private static final float[] VALUES = {1, -2.5f, 0.15625f, 1024, 0, -0.5f};

  @TempDir Path folder;

  @Test
  void everyTypeIsWidenedExactlyAndAMatrixMayBeStoredEitherWay() throws IOException {
    for (String type : List.of("F32", "F16", "BF16")) {
      Path file = file(type, Map.of("m", tensor(type, List.of(2L, 3L))));
      CheckpointWeights weights = CheckpointWeights.open(List.of(file));
      double[] expected = {1, -2.5, 0.15625, 1024, 0, -0.5};
      try (WeightMatrix matrix = weights.matrix("m", 2, 3)) {
        double[] values = new double[6];
        matrix.outputs(0, 2, values);
        assertArrayEquals(expected, values, type);
      }
      try (WeightMatrix transposed = weights.transposed("m", 2, 3)) {
        double[] values = new double[4];
        transposed.outputs(1, 2, values);
        assertArrayEquals(new double[] {-2.5, 0, 0.15625, -0.5}, values, type);
      }
    }
  }

  @Test
  void aProductIsThatOfPlainLoops() throws IOException {
    Path file = file("product", Map.of("m", tensor("F32", List.of(2L, 3L))));
    Rows rows = new Rows(2, 3);
    System.arraycopy(new double[] {1, 2, 3, -1, 0, 0.5}, 0, rows.values(), 0, 6);
    try (WeightMatrix matrix = CheckpointWeights.open(List.of(file)).matrix("m", 2, 3)) {
      double[] product = MatrixProduct.of(rows, matrix).values();
      assertArrayEquals(new double[] {-3.53125, 1022.5, -0.921875, -1024.25}, product);
    }
  }

  @Test
  void whatDoesNotFitIsNamed() throws IOException {
    Path first = file("first", Map.of("m", tensor("F32", List.of(2L, 3L))));
    Path second = file("second", Map.of("m", tensor("F32", List.of(6L))));
    Path whole = file("whole", Map.of("n", new Tensor("I64", List.of(1L), new byte[8])));
    CheckpointWeights weights = CheckpointWeights.open(List.of(first, whole));
    assertTrue(weights.has("m"));
    assertMalformed("no tensor absent", () -> weights.vector("absent", 1));
    assertMalformed("[2, 3] where config.json asks for [6]", () -> weights.vector("m", 6));
    assertMalformed("is of type I64", () -> weights.vector("n", 1));
    assertMalformed("Tensor m is in", () -> CheckpointWeights.open(List.of(first, second)));
  }

  private Path file(String name, Map<String, Tensor> tensors) throws IOException {
    Path file = folder.resolve(name + ".safetensors");
    SafetensorsBytes.write(file, tensors);
    return file;
  }

  private static Tensor tensor(String type, List<Long> shape) {
    int size = type.equals("F32") ? Float.BYTES : Short.BYTES;
    ByteBuffer bytes = ByteBuffer.allocate(VALUES.length * size).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : VALUES) {
      switch (type) {
        case "F32" -> bytes.putFloat(value);
        case "F16" -> bytes.putShort(Float.floatToFloat16(value));
        default -> bytes.putShort((short) (Float.floatToIntBits(value) >> Short.SIZE));
      }
    }
    return new Tensor(type, shape, bytes.array());
  }

  private static void assertMalformed(String words, Executable action) {
    RolescopeException fault = assertThrows(RolescopeException.class, action);
    assertEquals(FaultCode.MALFORMED_MODEL, fault.code());
    assertTrue(fault.getMessage().contains(words), fault.getMessage());
  }
}

package org.rolescope.inference.session;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.bundle.StageValues.Layout;

/** Against plain loops in double precision. */
final class ValueNormsTest {
  private static final int HIDDEN = 24;
  private static final int HEAD_SIZE = 8;
  private static final int BATCH = 3;
  private static final int LENGTH = 5;

  /** Half a unit in the last place of a float32. */
  private static final double TOLERANCE = 6e-8;

  private final Random random = new Random(7);

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(NativeHandles.open()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"OUT_IN, 4, 4", "OUT_IN, 6, 2", "OUT_IN, 4, 1", "IN_OUT, 4, 4", "IN_OUT, 6, 3"})
  void everyHeadOfEveryKeyIsThatOfPlainLoops(Layout layout, int heads, int keyValueHeads) {
    float[] projection = gaussians(HIDDEN * heads * HEAD_SIZE);
    float[] values = gaussians(BATCH * LENGTH * keyValueHeads * HEAD_SIZE);
    check(layout, heads, keyValueHeads, projection, values);
  }

  /**
   * A projection that all but ignores some directions, and values that point there: in float32 the
   * square would hold nothing but rounding.
   */
  @Test
  void valuesInWeakDirectionsKeepTheirDigits() {
    int heads = 2;
    float[] projection = gaussians(HIDDEN * heads * HEAD_SIZE);
    float[] values = gaussians(BATCH * LENGTH * heads * HEAD_SIZE);
    for (int index = 0; index < projection.length; index++) {
      projection[index] *= index % HEAD_SIZE == 0 ? 1 : 1e-4f;
    }
    for (int index = 0; index < values.length; index += HEAD_SIZE) {
      values[index] *= 1e-6f;
    }
    check(Layout.OUT_IN, heads, heads, projection, values);
  }

  @Test
  void nothingHasNoLengthAndWhatIsNoNumberStaysNone() {
    float[] values = new float[BATCH * LENGTH * HEAD_SIZE];
    values[HEAD_SIZE] = Float.NaN;
    float[] norms = norms(Layout.OUT_IN, 1, 1, gaussians(HIDDEN * HEAD_SIZE), values);
    assertThat(norms[0]).isZero();
    assertThat(norms[1]).isNaN();
    assertThat(norms[2]).isZero();
  }

  private void check(
      Layout layout, int heads, int keyValueHeads, float[] projection, float[] values) {
    float[] norms = norms(layout, heads, keyValueHeads, projection, values);
    assertThat(norms).hasSize(BATCH * heads * LENGTH);
    for (int index = 0; index < norms.length; index++) {
      int key = index % LENGTH;
      int head = index / LENGTH % heads;
      int prompt = index / LENGTH / heads;
      int source =
          ((prompt * LENGTH + key) * keyValueHeads + head / (heads / keyValueHeads)) * HEAD_SIZE;
      double expected = norm(layout, heads, head, projection, values, source);
      assertThat(Math.abs(norms[index] - expected) / expected)
          .as("prompt %d, head %d, key %d", prompt, head, key)
          .isLessThan(TOLERANCE);
    }
  }

  private static double norm(
      Layout layout, int heads, int head, float[] projection, float[] values, int source) {
    double square = 0;
    for (int output = 0; output < HIDDEN; output++) {
      double written = 0;
      for (int index = 0; index < HEAD_SIZE; index++) {
        int input = head * HEAD_SIZE + index;
        int place =
            switch (layout) {
              case OUT_IN -> output * heads * HEAD_SIZE + input;
              case IN_OUT -> input * HIDDEN + output;
            };
        written += (double) values[source + index] * projection[place];
      }
      square += written * written;
    }
    return Math.sqrt(square);
  }

  private static float[] norms(
      Layout layout, int heads, int keyValueHeads, float[] projection, float[] values) {
    long width = (long) heads * HEAD_SIZE;
    long[] shape =
        layout == Layout.OUT_IN ? new long[] {HIDDEN, width} : new long[] {width, HIDDEN};
    try (Arena arena = Arena.ofConfined();
        ValueNorms calculator = new ValueNorms();
        OnnxTensor weight = StageWeights.tensor(memory(arena, projection), DType.F32, shape);
        HeadGrams grams = calculator.grams(weight, layout, HEAD_SIZE);
        StageTensor input =
            StageTensor.ofFloats(direct(values), BATCH, LENGTH, keyValueHeads, HEAD_SIZE);
        StageTensor norms = calculator.norms(input, grams)) {
      assertThat(norms.shape()).containsExactly(BATCH, heads, LENGTH);
      FloatBuffer found = norms.copyBytes().order(ByteOrder.nativeOrder()).asFloatBuffer();
      float[] copy = new float[found.remaining()];
      found.get(copy);
      return copy;
    }
  }

  private static MemorySegment memory(Arena arena, float[] elements) {
    MemorySegment memory = arena.allocate((long) elements.length * Float.BYTES, 64);
    MemorySegment.copy(elements, 0, memory, ValueLayout.JAVA_FLOAT, 0, elements.length);
    return memory;
  }

  private static FloatBuffer direct(float[] elements) {
    return ByteBuffer.allocateDirect(elements.length * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer()
        .put(elements)
        .flip();
  }

  private float[] gaussians(int count) {
    float[] numbers = new float[count];
    for (int index = 0; index < count; index++) {
      numbers[index] = (float) random.nextGaussian();
    }
    return numbers;
  }
}

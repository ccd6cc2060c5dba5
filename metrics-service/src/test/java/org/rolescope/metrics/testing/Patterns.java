package org.rolescope.metrics.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.Shape;
import org.rolescope.tensors.TensorView;

/** Attention patterns for tests. */
public final class Patterns {
  private Patterns() {}

  /** A pattern tensor of one layer from values [batch, head, query_pos, key_pos]. */
  public static TensorView tensor(
      int layer, List<Integer> prompts, int heads, int tokens, float[] values) {
    Shape shape =
        Shape.of(
            new Axis(Axis.BATCH, prompts.size()),
            new Axis(Axis.HEAD, heads),
            new Axis(Axis.QUERY_POS, tokens),
            new Axis(Axis.KEY_POS, tokens));
    return new TensorView("pattern", OptionalInt.of(layer), shape, prompts, bytes(values));
  }

  /** A tensor of value norms of one layer from values [batch, head, key_pos]. */
  public static TensorView valueNorm(
      int layer, List<Integer> prompts, int heads, int tokens, float[] values) {
    Shape shape =
        Shape.of(
            new Axis(Axis.BATCH, prompts.size()),
            new Axis(Axis.HEAD, heads),
            new Axis(Axis.KEY_POS, tokens));
    return new TensorView("value_norm", OptionalInt.of(layer), shape, prompts, bytes(values));
  }

  /** Random norms between 0 and 3, [batch, head, key_pos]. */
  public static float[] randomNorms(Random random, int batch, int heads, int tokens) {
    float[] values = new float[batch * heads * tokens];
    for (int index = 0; index < values.length; index++) {
      values[index] = 3 * random.nextFloat();
    }
    return values;
  }

  /** Random causal rows, [batch, head, query_pos, key_pos]. */
  public static float[] random(Random random, int batch, int heads, int tokens) {
    float[] values = new float[batch * heads * tokens * tokens];
    for (int row = 0; row < batch * heads * tokens; row++) {
      float[] weights = row(random, row % tokens + 1);
      System.arraycopy(weights, 0, values, row * tokens, weights.length);
    }
    return values;
  }

  /** Random rows over all keys, [batch, head, query_pos, key_pos]. */
  public static float[] randomBidirectional(Random random, int batch, int heads, int tokens) {
    float[] values = new float[batch * heads * tokens * tokens];
    for (int row = 0; row < batch * heads * tokens; row++) {
      System.arraycopy(row(random, tokens), 0, values, row * tokens, tokens);
    }
    return values;
  }

  /** A random distribution over some keys, softmax of normal scores. */
  public static float[] row(Random random, int keys) {
    double sharpness = 3 * random.nextDouble();
    double[] scores =
        IntStream.range(0, keys)
            .mapToDouble(key -> Math.exp(sharpness * random.nextGaussian()))
            .toArray();
    double total = IntStream.range(0, keys).mapToDouble(key -> scores[key]).sum();
    float[] weights = new float[keys];
    for (int key = 0; key < keys; key++) {
      weights[key] = (float) (scores[key] / total);
    }
    return weights;
  }

  private static ByteBuffer bytes(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }
}

package org.rolescope.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jetbrains.bio.npy.NpyArray;
import org.rolescope.inference.grpc.InferenceServer.Captured;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.TensorView;

/**
 * Captured tensors against the expected arrays. Differences are absolute for the pattern, whose
 * entries are at most 1, and parts of the expected array's range for everything else.
 */
final class GoldenComparison {
  private static final String PATTERN = "pattern";
  private static final double PATTERN_TOLERANCE = 1e-5;
  private static final double TOLERANCE_OF_RANGE = 1e-4;

  /** Worst difference of each tap, in the order of the model. */
  private final Map<String, Double> worst = new LinkedHashMap<>();

  private final Set<String> compared = new TreeSet<>();
  private String firstBeyondTolerance = "";

  private GoldenComparison() {}

  /**
   * Compares everything that was captured.
   *
   * @throws AssertionError where a tensor has another shape than expected, comes twice, or is
   *     missing
   */
  static GoldenComparison of(GoldenArrays expected, Captured captured) {
    GoldenComparison comparison = new GoldenComparison();
    for (TensorView tensor : captured.tensors()) {
      for (int index = 0; index < tensor.promptIndices().size(); index++) {
        comparison.add(expected, tensor, index);
      }
    }
    assertThat(comparison.compared).containsExactlyInAnyOrderElementsOf(expected.names());
    return comparison;
  }

  /** The array nearest to the input that differs too much, with its difference; empty if none. */
  String firstBeyondTolerance() {
    return firstBeyondTolerance;
  }

  /** Worst difference of each tap. */
  @Override
  public String toString() {
    return worst.entrySet().stream()
        .map(tap -> String.format(Locale.ROOT, "%s %.1e", tap.getKey(), tap.getValue()))
        .collect(Collectors.joining(", "));
  }

  private void add(GoldenArrays arrays, TensorView tensor, int batchIndex) {
    String name = GoldenArrays.name(tensor, tensor.promptIndices().get(batchIndex));
    assertThat(compared.add(name)).as(name + " comes once").isTrue();
    NpyArray expected = arrays.array(name);
    assertThat(sizesBehindBatch(tensor)).as("shape of " + name).isEqualTo(expected.getShape());
    double difference =
        difference(expected.asFloatArray(), tensor.floatsOf(batchIndex))
            / (tensor.name().equals(PATTERN) ? 1 : range(expected.asFloatArray()));
    worst.merge(tensor.name(), difference, Math::max);
    double tolerance = tensor.name().equals(PATTERN) ? PATTERN_TOLERANCE : TOLERANCE_OF_RANGE;
    // Written so that NaN is beyond, too. Tensors come layer by layer.
    if (!(difference <= tolerance) && firstBeyondTolerance.isEmpty()) {
      firstBeyondTolerance = String.format(Locale.ROOT, "%s differs by %.1e", name, difference);
    }
  }

  private static int[] sizesBehindBatch(TensorView tensor) {
    return tensor.shape().axes().stream()
        .filter(axis -> !axis.name().equals(Axis.BATCH))
        .mapToInt(Axis::size)
        .toArray();
  }

  private static double difference(float[] expected, FloatBuffer actual) {
    return IntStream.range(0, expected.length)
        .mapToDouble(index -> Math.abs((double) expected[index] - actual.get(index)))
        .reduce(0, Math::max);
  }

  private static double range(float[] values) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return (double) high - low;
  }
}

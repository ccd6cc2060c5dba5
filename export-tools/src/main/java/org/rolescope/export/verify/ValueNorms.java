package org.rolescope.export.verify;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What each head would write to the residual stream if it attended to one key alone: the Euclidean
 * norm of v W_O, without the bias of the projection (Kobayashi et al. 2020). Computed as it stands,
 * output by output, so that no vector of d_model is kept.
 */
final class ValueNorms {
  private static final int OUTPUTS_A_TASK = 64;

  private ValueNorms() {}

  /**
   * Norms of every row and head. Each sum runs over the outputs in order, so the result does not
   * depend on the number of threads.
   *
   * @param values [row, key_value_head · d_head]; query head h reads head h · keyValueHeads / heads
   * @param output the output projection: head · d_head → d_model
   * @param heads query heads
   * @return [row, head]
   */
  static Rows of(Rows values, WeightMatrix output, int heads) {
    int tasks = Math.ceilDiv(output.outputCount(), OUTPUTS_A_TASK);
    List<Rows> squares =
        IntStream.range(0, tasks)
            .parallel()
            .mapToObj(task -> squares(values, output, heads, task * OUTPUTS_A_TASK))
            .toList();
    Rows sum = squares.stream().reduce(Rows::plus).orElseThrow();
    Activations.apply(sum, Math::sqrt);
    return sum;
  }

  /** Σ over some outputs of (v W_O)², [row, head]. */
  private static Rows squares(Rows values, WeightMatrix output, int heads, int first) {
    int end = Math.min(first + OUTPUTS_A_TASK, output.outputCount());
    int headSize = output.inputCount() / heads;
    int group = heads / (values.width() / headSize);
    double[] weights = new double[output.inputCount()];
    Rows squares = new Rows(values.count(), heads);
    for (int index = first; index < end; index++) {
      output.outputs(index, 1, weights);
      for (int row = 0; row < values.count(); row++) {
        for (int head = 0; head < heads; head++) {
          int source = values.start(row) + head / group * headSize;
          double written = dot(values.values(), source, weights, head * headSize, headSize);
          squares.values()[squares.start(row) + head] += written * written;
        }
      }
    }
    return squares;
  }

  private static double dot(
      double[] one, int oneStart, double[] other, int otherStart, int length) {
    double sum = 0;
    for (int index = 0; index < length; index++) {
      sum += one[oneStart + index] * other[otherStart + index];
    }
    return sum;
  }
}

package org.rolescope.export.verify;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Rows times a matrix of the checkpoint. The matrix is the large part, so it is read once, in
 * blocks of outputs that several threads share out; each sum runs over the inputs in order, so the
 * result does not depend on the number of threads.
 */
final class MatrixProduct {
  private static final int OUTPUTS_A_TASK = 64;

  /** Outputs computed together: enough sums under way at once to keep the processor busy. */
  private static final int TOGETHER = 4;

  private MatrixProduct() {}

  /**
   * result[row, output] = Σ over inputs of rows[row, input] · weights[output, input].
   *
   * @param rows [row, input]
   */
  static Rows of(Rows rows, WeightMatrix weights) {
    Rows result = new Rows(rows.count(), weights.outputCount());
    int tasks = Math.ceilDiv(weights.outputCount(), OUTPUTS_A_TASK);
    IntStream.range(0, tasks)
        .parallel()
        .forEach(task -> multiply(rows, weights, task * OUTPUTS_A_TASK, result));
    return result;
  }

  private static void multiply(Rows rows, WeightMatrix weights, int first, Rows result) {
    int end = Math.min(first + OUTPUTS_A_TASK, weights.outputCount());
    double[] block = new double[TOGETHER * weights.inputCount()];
    for (int output = first; output < end; output += TOGETHER) {
      int count = Math.min(TOGETHER, end - output);
      Arrays.fill(block, count * weights.inputCount(), block.length, 0);
      weights.outputs(output, count, block);
      for (int row = 0; row < rows.count(); row++) {
        double[] sums = dot(rows, row, block);
        System.arraycopy(sums, 0, result.values(), result.start(row) + output, count);
      }
    }
  }

  /** The row times each of four rows of weights. */
  private static double[] dot(Rows rows, int row, double[] block) {
    double[] values = rows.values();
    int start = rows.start(row);
    int width = rows.width();
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    for (int index = 0; index < width; index++) {
      double value = values[start + index];
      first += value * block[index];
      second += value * block[width + index];
      third += value * block[2 * width + index];
      fourth += value * block[3 * width + index];
    }
    return new double[] {first, second, third, fourth};
  }
}

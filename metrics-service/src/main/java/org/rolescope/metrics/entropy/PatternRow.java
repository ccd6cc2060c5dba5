package org.rolescope.metrics.entropy;

import java.util.Optional;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Checks that a row of an attention pattern is one: not negative and summing to 1. */
final class PatternRow {
  /** Far above what softmax in float32 leaves, and in 16 bit too. */
  private static final double SUM_TOLERANCE = 1e-3;

  private PatternRow() {}

  /** Whether attention to all keys a query can see sums to 1; NaN does not. */
  static boolean isWhole(double sum) {
    return Math.abs(sum - 1) <= SUM_TOLERANCE;
  }

  /**
   * Finds a NaN or negative weight, or that the visible keys do not carry all attention.
   *
   * @param row attention of one query position, [key_pos]
   * @param visibleKeys how many keys from the first the query can see
   * @return what is wrong with the row; empty where it is good
   */
  static Optional<String> defect(float[] row, int visibleKeys) {
    double visible = 0;
    double hidden = 0;
    for (int key = 0; key < row.length; key++) {
      float weight = row[key];
      if (!(weight >= 0)) {
        return Optional.of("gives key " + key + " a weight of " + weight);
      }
      if (key < visibleKeys) {
        visible += weight;
      } else {
        hidden += weight;
      }
    }
    if (!isWhole(visible)) {
      return Optional.of("sums to " + (float) visible + " over the keys it can see, not to 1");
    }
    return hidden <= SUM_TOLERANCE
        ? Optional.empty()
        : Optional.of("gives " + (float) hidden + " to future keys, not 0");
  }

  /**
   * Finds a weight that no entropy is defined for, in a row that need not be a distribution.
   *
   * @param row attention of one query position, [key_pos]
   * @return what is wrong with the row; empty where it is good
   */
  static Optional<String> weightDefect(float[] row) {
    for (int key = 0; key < row.length; key++) {
      if (!(row[key] >= 0 && row[key] < Float.POSITIVE_INFINITY)) {
        return Optional.of("gives key " + key + " a weight of " + row[key]);
      }
    }
    return Optional.empty();
  }

  /** The fault that names the row. */
  static RolescopeException damaged(int layer, int head, int prompt, int query, String defect) {
    return new RolescopeException(
        FaultCode.DATA_LOSS,
        "The attention pattern of layer %d, head %d, prompt %d is damaged: the row of query position %d %s; verify the model and measure it again"
            .formatted(layer, head, prompt, query, defect));
  }
}

package org.rolescope.export.verify;

import java.util.ArrayList;
import java.util.List;

/**
 * Attention of one layer: pattern = softmax(scale · q kᵀ) over visible keys, z = pattern · v. Query
 * head h reads key/value head h · keyValueHeads / heads. Key k is visible to query q where k ≤ q
 * and, with a window, q − window &lt; k.
 *
 * @param heads query heads
 * @param keyValueHeads key/value heads; divides heads
 * @param headSize width of a head
 * @param scale factor on the scores
 * @param window keys a query sees, itself included; 0 for all
 */
record CausalAttention(int heads, int keyValueHeads, int headSize, double scale, int window) {
  /**
   * What attention gave.
   *
   * @param patterns for each prompt [head, query_pos, key_pos]
   * @param z [row, head · d_head]
   */
  record Result(List<double[]> patterns, Rows z) {}

  /**
   * Attends within each prompt.
   *
   * @param queries [row, head · d_head]
   * @param keys [row, key_value_head · d_head]
   * @param values [row, key_value_head · d_head]
   */
  Result attend(Rows queries, Rows keys, Rows values, PromptRows prompts) {
    List<double[]> patterns = new ArrayList<>();
    Rows z = new Rows(queries.count(), queries.width());
    for (int prompt = 0; prompt < prompts.promptCount(); prompt++) {
      int length = prompts.length(prompt);
      int firstRow = prompts.firstRow(prompt);
      double[] pattern = new double[heads * length * length];
      for (int head = 0; head < heads; head++) {
        for (int query = 0; query < length; query++) {
          int row = (head * length + query) * length;
          score(queries, keys, head, firstRow, query, pattern, row);
          softmax(pattern, row + firstKey(query), row + query + 1);
          mix(values, head, firstRow, query, pattern, row, z);
        }
      }
      patterns.add(pattern);
    }
    return new Result(patterns, z);
  }

  private int firstKey(int query) {
    return window == 0 ? 0 : Math.max(0, query - window + 1);
  }

  private int keyValueHead(int head) {
    return head / (heads / keyValueHeads);
  }

  private void score(
      Rows queries, Rows keys, int head, int firstRow, int query, double[] pattern, int row) {
    int queryStart = queries.start(firstRow + query) + head * headSize;
    for (int key = firstKey(query); key <= query; key++) {
      int keyStart = keys.start(firstRow + key) + keyValueHead(head) * headSize;
      double sum = 0;
      for (int index = 0; index < headSize; index++) {
        sum += queries.values()[queryStart + index] * keys.values()[keyStart + index];
      }
      pattern[row + key] = sum * scale;
    }
  }

  private static void softmax(double[] values, int begin, int end) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int index = begin; index < end; index++) {
      largest = Math.max(largest, values[index]);
    }
    double sum = 0;
    for (int index = begin; index < end; index++) {
      values[index] = Math.exp(values[index] - largest);
      sum += values[index];
    }
    for (int index = begin; index < end; index++) {
      values[index] /= sum;
    }
  }

  private void mix(
      Rows values, int head, int firstRow, int query, double[] pattern, int row, Rows z) {
    int target = z.start(firstRow + query) + head * headSize;
    for (int key = firstKey(query); key <= query; key++) {
      int source = values.start(firstRow + key) + keyValueHead(head) * headSize;
      for (int index = 0; index < headSize; index++) {
        z.values()[target + index] += pattern[row + key] * values.values()[source + index];
      }
    }
  }
}

package org.rolescope.bench.baseline;

import java.util.List;
import java.util.stream.LongStream;
import org.rolescope.bench.analysis.Analysis.BatchShape;
import org.rolescope.bench.checkpoint.ModelShape;

/**
 * A matrix product of a block.
 *
 * @param name what it computes
 * @param left sizes of the left matrix
 * @param right sizes of the right matrix
 * @param transposed whether the right matrix is given as [out, in], as weights are
 * @param count how often a block has it
 */
record MatrixProduct(
    String name, List<Long> left, List<Long> right, boolean transposed, int count) {
  private static MatrixProduct projection(
      String name, long tokens, long inputs, long outputs, int count) {
    return new MatrixProduct(name, List.of(tokens, inputs), List.of(outputs, inputs), true, count);
  }

  /** Multiplications and additions of one such product. */
  double operations() {
    double rowsTimesInner = left.stream().mapToDouble(Long::doubleValue).reduce(2, (a, b) -> a * b);
    return rowsTimesInner * (transposed ? right.getFirst() : right.getLast());
  }

  static long elementCount(List<Long> sizes) {
    return sizes.stream().reduce(1L, Math::multiplyExact);
  }

  static long[] sizes(List<Long> sizes) {
    return sizes.stream().flatMapToLong(LongStream::of).toArray();
  }

  /** All products of a block on a batch. */
  static List<MatrixProduct> of(ModelShape shape, BatchShape batch) {
    long tokens = batch.tokenCount();
    long hidden = shape.hidden();
    long head = shape.headSize();
    long length = batch.length();
    long groups = shape.keyValueHeads();
    long rows = shape.heads() / groups * length;
    List<Long> queries = List.of((long) batch.prompts(), groups, rows, head);
    List<Long> keys = List.of((long) batch.prompts(), groups, head, length);
    List<Long> pattern = List.of((long) batch.prompts(), groups, rows, length);
    List<Long> values = List.of((long) batch.prompts(), groups, length, head);
    return List.of(
        projection("query, output projection", tokens, hidden, hidden, 2),
        projection("key, value projection", tokens, hidden, groups * head, 2),
        projection("gate, up projection", tokens, hidden, shape.intermediate(), 2),
        projection("down projection", tokens, shape.intermediate(), hidden, 1),
        new MatrixProduct("queries x keys", queries, keys, false, 1),
        new MatrixProduct("pattern x values", pattern, values, false, 1));
  }
}

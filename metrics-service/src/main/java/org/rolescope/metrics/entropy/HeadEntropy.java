package org.rolescope.metrics.entropy;

import java.nio.FloatBuffer;
import java.util.Optional;

/**
 * Mean entropy of one head on one prompt, by every kind. Holds scratch memory that is reused from
 * row to row and from head to head, so nothing is allocated in the loop. Not thread-safe.
 */
final class HeadEntropy {
  private final int layer;
  private final int positions;
  private final float[] row;
  private final ReferenceEntropy reference;
  private double referenceNats;
  private double exactNats;

  /**
   * Creates a meter.
   *
   * @param layer the layer, for messages
   * @param positions number of query positions, which is the number of keys too; at least 1
   */
  HeadEntropy(int layer, int positions) {
    this.layer = layer;
    this.positions = positions;
    row = new float[positions];
    reference = new ReferenceEntropy(positions);
  }

  /**
   * Averages the entropies of all rows of a head, in double.
   *
   * @param attention pattern of one prompt, [head, query_pos, key_pos]
   * @param head the head
   * @param prompt the prompt, for messages
   */
  void measure(FloatBuffer attention, int head, int prompt) {
    double referenceSum = 0;
    double exactSum = 0;
    int start = head * positions * positions;
    for (int query = 0; query < positions; query++) {
      attention.get(start + query * positions, row);
      Optional<String> defect = PatternRow.defect(row, query + 1);
      if (defect.isPresent()) {
        throw PatternRow.damaged(layer, head, prompt, query, defect.get());
      }
      referenceSum += reference.nats(row);
      exactSum += ExactEntropy.nats(row, query + 1);
    }
    referenceNats = referenceSum / positions;
    exactNats = exactSum / positions;
  }

  /** Mean over query positions of the reference entropy of the head measured last, nats. */
  double referenceNats() {
    return referenceNats;
  }

  /** Mean over query positions of the exact entropy of the head measured last, nats. */
  double exactNats() {
    return exactNats;
  }
}

package org.rolescope.metrics.entropy;

/** How the entropy of an attention row is computed. In nats, except {@link #LENGTH_NORMALISED}. */
public enum EntropyKind {
  /** As the published study does, see {@link ReferenceEntropy}. */
  REFERENCE,
  /** The textbook definition over visible keys, see {@link ExactEntropy}. */
  EXACT,
  /** Exact over ln of the number of visible keys; no unit. Leaves out positions with one key. */
  LENGTH_NORMALISED,
  /**
   * Exact without key 0, renormalised. Leaves out positions with fewer than two keys left; a head
   * leaves out those too where it pays no attention to the keys left.
   */
  SINK_EXCLUDED,
  /** Exact, averaged over the query positions that every prompt has. */
  POSITION_MATCHED,
  /**
   * Exact of attention times the norm of what the key's value writes, renormalised (Kobayashi et
   * al. 2020). A head leaves out positions where all products are 0.
   */
  NORM_WEIGHTED;

  /** Fewer keys than this have no entropy to speak of. */
  static final int LEAST_KEYS = 2;

  /** Whether every layer must have this kind. */
  public boolean isRequired() {
    return this == REFERENCE || this == EXACT;
  }

  /**
   * How many query positions of a prompt the kind averages.
   *
   * @param visibility which keys a query sees
   * @param positions how many the prompt has
   * @param matchedPositions how many every prompt has
   */
  int averagedPositions(Visibility visibility, int positions, int matchedPositions) {
    return switch (this) {
      case REFERENCE, EXACT, NORM_WEIGHTED -> positions;
      case LENGTH_NORMALISED -> visibility.queriesThatSee(LEAST_KEYS, positions);
      case SINK_EXCLUDED -> visibility.queriesThatSee(1 + LEAST_KEYS, positions);
      case POSITION_MATCHED -> matchedPositions;
    };
  }
}

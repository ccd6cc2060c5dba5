package org.rolescope.metrics.entropy;

/** Which keys a query sees. METRICS §1, "visible keys". */
public enum Visibility {
  /** Itself and those before it: query q sees q + 1 keys. */
  CAUSAL,
  /** All keys of the prompt, as in encoders. */
  BIDIRECTIONAL;

  /**
   * How many keys, from the first, a query sees; at least 1.
   *
   * @param query the query position, from 0
   * @param positions tokens of the prompt, more than query
   */
  int visibleKeys(int query, int positions) {
    return switch (this) {
      case CAUSAL -> query + 1;
      case BIDIRECTIONAL -> positions;
    };
  }

  /** How many query positions of a prompt see so many keys or more. */
  int queriesThatSee(int keys, int positions) {
    return switch (this) {
      case CAUSAL -> Math.max(0, positions - keys + 1);
      case BIDIRECTIONAL -> positions >= keys ? positions : 0;
    };
  }

  /**
   * The first query position whose attention to keys is averaged. A causal query 0 sees one key and
   * has no choice, so it is left out; where all keys are visible every query counts.
   */
  int firstAttentiveQuery() {
    return switch (this) {
      case CAUSAL -> 1;
      case BIDIRECTIONAL -> 0;
    };
  }
}

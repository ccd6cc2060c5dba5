package org.rolescope.metrics.entropy;

/** How the entropy of an attention row is computed. In nats, except {@link #LENGTH_NORMALISED}. */
public enum EntropyKind {
  /** As the published study does, see {@link ReferenceEntropy}. */
  REFERENCE,
  /** The textbook definition over visible keys, see {@link ExactEntropy}. */
  EXACT,
  /** Exact over ln of the number of visible keys; no unit. Leaves out positions with one key. */
  LENGTH_NORMALISED,
  /** Exact without key 0, renormalised. Leaves out positions with fewer than two keys left. */
  SINK_EXCLUDED,
  /** Exact, averaged over the query positions that every prompt has. */
  POSITION_MATCHED,
  /** Exact of attention times the norm of what the key's value writes, renormalised. */
  NORM_WEIGHTED;

  /** Whether every layer must have this kind. */
  public boolean isRequired() {
    return this == REFERENCE || this == EXACT;
  }
}

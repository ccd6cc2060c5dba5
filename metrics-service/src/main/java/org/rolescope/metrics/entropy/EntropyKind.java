package org.rolescope.metrics.entropy;

/** How the entropy of an attention row is computed. Always in nats. */
public enum EntropyKind {
  /** As the published study does, see {@link ReferenceEntropy}. */
  REFERENCE,
  /** The textbook definition over visible keys, see {@link ExactEntropy}. */
  EXACT
}

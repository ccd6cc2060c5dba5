package org.rolescope.tensors.bundle;

/** Which keys a query attends to. */
public enum AttentionKind {
  /** Itself and those before it. */
  CAUSAL,
  /** All of them, as in encoders. */
  BIDIRECTIONAL
}

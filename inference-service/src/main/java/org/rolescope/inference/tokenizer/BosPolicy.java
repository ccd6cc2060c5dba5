package org.rolescope.inference.tokenizer;

/** Whether the begin token (BOS) stands first. */
public enum BosPolicy {
  /** As the model's own tokenizer has it. */
  AUTO,
  /** Always, once. */
  ALWAYS,
  /** Never; the tokenizer adds no special tokens at all. */
  NEVER
}

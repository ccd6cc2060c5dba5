package org.rolescope.inference.generate;

/** Why a generation ended. */
public enum FinishReason {
  /** The model gave an end token. */
  END_TOKEN,
  /** A stop text came. */
  STOP_TEXT,
  /** As many tokens as were asked for, or as the context allows. */
  LENGTH
}

package org.rolescope.orchestrator.view;

import org.rolescope.v1.CausalVerdict;

/** Verdicts on causes as views name them. */
final class CausalWords {
  private CausalWords() {}

  static String of(CausalVerdict verdict) {
    return switch (verdict) {
      case CAUSAL_VERDICT_CAUSAL -> "causal";
      case CAUSAL_VERDICT_CORRELATE_ONLY -> "correlate_only";
      case CAUSAL_VERDICT_UNDECIDED, CAUSAL_VERDICT_UNSPECIFIED, UNRECOGNIZED -> "undecided";
    };
  }
}

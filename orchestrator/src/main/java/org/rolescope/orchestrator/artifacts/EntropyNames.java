package org.rolescope.orchestrator.artifacts;

import org.rolescope.v1.EntropyKind;

/** Kinds of entropy as tables and reports name them. */
public final class EntropyNames {
  private EntropyNames() {}

  /** Name of a kind, for example {@code length_normalised}. */
  public static String name(EntropyKind kind) {
    return switch (kind) {
      case ENTROPY_KIND_REFERENCE -> "reference";
      case ENTROPY_KIND_EXACT -> "exact";
      case ENTROPY_KIND_LENGTH_NORMALISED -> "length_normalised";
      case ENTROPY_KIND_SINK_EXCLUDED -> "sink_excluded";
      case ENTROPY_KIND_POSITION_MATCHED -> "position_matched";
      case ENTROPY_KIND_NORM_WEIGHTED -> "norm_weighted";
      case ENTROPY_KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException(kind + " is no kind of entropy");
    };
  }

  /** Heading of a column with such entropies; all but the normalised are in nats. */
  static String column(EntropyKind kind) {
    String unit = kind == EntropyKind.ENTROPY_KIND_LENGTH_NORMALISED ? "" : "_nats";
    return "entropy_" + name(kind) + unit;
  }
}

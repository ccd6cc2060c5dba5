package org.rolescope.orchestrator.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A kind of entropy as plans and people name it. What each is: docs/metrics.md. */
public enum EntropyName {
  /** The published study's. */
  REFERENCE,
  /** Over visible keys, in double precision. */
  EXACT,
  /** Exact over the most it could be. */
  LENGTH_NORMALISED,
  /** Exact without the first token. */
  SINK_EXCLUDED,
  /** Exact over the query positions that every prompt has. */
  POSITION_MATCHED,
  /** Exact of attention times what it writes. */
  NORM_WEIGHTED;

  /** The name, for example {@code length-normalised}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The kind of a name.
   *
   * @param text the name; empty: {@link #EXACT}
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where there is no such kind
   */
  public static EntropyName of(String text) {
    if (text.isEmpty()) {
      return EXACT;
    }
    List<EntropyName> named =
        Arrays.stream(values()).filter(kind -> kind.text().equals(text)).toList();
    Invalid.unless(
        !named.isEmpty(),
        "There is no kind of entropy `%s`; use one of %s",
        text,
        String.join(", ", Arrays.stream(values()).map(EntropyName::text).toList()));
    return named.getFirst();
  }
}

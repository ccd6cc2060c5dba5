package org.rolescope.metrics.role;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.rolescope.metrics.entropy.EntropyKind;

/** Names kinds of entropy in a sentence. */
public final class EntropyNames {
  private EntropyNames() {}

  /** For example {@code length-normalised}. */
  public static String of(EntropyKind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * For example {@code length-normalised, sink-excluded and position-matched}.
   *
   * @param kinds at least one
   */
  public static String of(List<EntropyKind> kinds) {
    String last = of(kinds.getLast());
    if (kinds.size() == 1) {
      return last;
    }
    return kinds.stream()
            .limit(kinds.size() - 1L)
            .map(EntropyNames::of)
            .collect(Collectors.joining(", "))
        + " and "
        + last;
  }
}

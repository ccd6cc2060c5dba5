package org.rolescope.orchestrator.plan;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Which category of prompts plays which part. An empty name stands for the study's.
 *
 * @param self prompts about the model itself; empty: {@code self_referent}
 * @param neutral prompts about nobody; empty: {@code neutral}
 * @param confounder prompts about the user; empty: {@code confounder}
 */
public record RoleCategoryNames(String self, String neutral, String confounder) {
  /** Fills in the study's names. */
  public RoleCategoryNames {
    self = orElse(self, "self_referent");
    neutral = orElse(neutral, "neutral");
    confounder = orElse(confounder, "confounder");
  }

  /** The study's names. */
  public static RoleCategoryNames published() {
    return new RoleCategoryNames("", "", "");
  }

  /** All three. */
  public List<String> all() {
    return List.of(self, neutral, confounder);
  }

  private static String orElse(String name, String otherwise) {
    return requireNonNull(name, "name is null").isEmpty() ? otherwise : name;
  }
}

package org.rolescope.orchestrator.plan;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Which category of prompts plays which part. An empty name stands for the study's.
 *
 * @param self prompts about the model itself; empty: {@code self_referent}
 * @param neutral prompts about nobody; empty: {@code neutral}
 * @param confounder prompts about the user; empty: {@code confounder}, which a set may lack: then
 *     there is no RSI
 */
public record RoleCategoryNames(String self, String neutral, String confounder) {
  private static final String CONFOUNDER = "confounder";

  /**
   * Fills in the study's names.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where a category would play two
   *     parts
   */
  public RoleCategoryNames {
    self = orElse(self, "self_referent");
    neutral = orElse(neutral, "neutral");
    confounder = orElse(confounder, CONFOUNDER);
    Invalid.unless(
        !self.equals(neutral) && !self.equals(confounder) && !neutral.equals(confounder),
        "Self is category %s, neutral %s and confounder %s; name three that differ",
        self,
        neutral,
        confounder);
  }

  /** The study's names. */
  public static RoleCategoryNames published() {
    return new RoleCategoryNames("", "", "");
  }

  /**
   * Checks that a set has a category for each part. Only the confounder may be missing, where its
   * name is not one that somebody chose.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where one is missing
   */
  void checkIn(PromptSet set) {
    List<String> needed =
        confounder.equals(CONFOUNDER) ? List.of(self, neutral) : List.of(self, neutral, confounder);
    for (String category : needed) {
      Invalid.unless(
          set.hasCategory(category),
          "Prompt set %s has no category %s, which the role options name; add it or name another",
          set.name(),
          category);
    }
  }

  private static String orElse(String name, String otherwise) {
    return requireNonNull(name, "name is null").isEmpty() ? otherwise : name;
  }
}

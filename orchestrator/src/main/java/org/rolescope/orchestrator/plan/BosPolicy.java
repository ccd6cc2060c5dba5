package org.rolescope.orchestrator.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Whether the begin token (BOS) stands first, as plans and people name it. */
public enum BosPolicy {
  /** As the model's own tokenizer has it. */
  AUTO,
  /** Always. */
  ALWAYS,
  /** Never. */
  NEVER;

  /** The name, for example {@code auto}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The policy of a name.
   *
   * @param text the name; empty: {@link #AUTO}
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where there is no such policy
   */
  public static BosPolicy of(String text) {
    if (text.isEmpty()) {
      return AUTO;
    }
    List<BosPolicy> named =
        Arrays.stream(values()).filter(policy -> policy.text().equals(text)).toList();
    Invalid.unless(
        !named.isEmpty(),
        "There is no policy `%s` for the begin token; use one of %s",
        text,
        String.join(", ", Arrays.stream(values()).map(BosPolicy::text).toList()));
    return named.getFirst();
  }
}

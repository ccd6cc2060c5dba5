package org.rolescope.metrics.role;

import static java.util.Objects.requireNonNull;

import java.util.TreeSet;
import java.util.stream.IntStream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * The prompts of each role: as observed, resampled, or with labels swapped.
 *
 * @param self prompts about the model itself
 * @param neutral prompts about nobody
 * @param confounder prompts about the user
 */
public record RolePrompts(PromptIndices self, PromptIndices neutral, PromptIndices confounder) {
  /** Checks that nothing is missing. */
  public RolePrompts {
    requireNonNull(self, "self is null");
    requireNonNull(neutral, "neutral is null");
    requireNonNull(confounder, "confounder is null");
  }

  /**
   * The prompts of each role as the options label them.
   *
   * @throws RolescopeException INVALID_ARGUMENT where a role has no prompts
   */
  public static RolePrompts of(RoleOptions options) {
    return new RolePrompts(
        category(options, options.roles().self(), "self"),
        category(options, options.roles().neutral(), "neutral"),
        category(options, options.roles().confounder(), "confounder"));
  }

  /** Number of prompts in the smallest of the categories that an index rests on. */
  int fewest(RoleIndex index) {
    int two = Math.min(self.size(), neutral.size());
    return switch (index) {
      case RFC -> two;
      case RSI -> Math.min(two, confounder.size());
    };
  }

  private static PromptIndices category(RoleOptions options, String category, String role) {
    int[] prompts =
        IntStream.range(0, options.categories().size())
            .filter(prompt -> options.categories().get(prompt).equals(category))
            .toArray();
    if (prompts.length == 0) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "No prompt is in category %s, which is to be %s; the categories given are %s"
              .formatted(category, role, new TreeSet<>(options.categories())));
    }
    return PromptIndices.of(prompts);
  }
}

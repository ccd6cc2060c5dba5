package org.rolescope.metrics.role;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * The prompts of each role: as observed, resampled, or with labels swapped.
 *
 * @param self prompts about the model itself
 * @param neutral prompts about nobody
 * @param confounder prompts about the user; without any there is no RSI
 */
public record RolePrompts(PromptIndices self, PromptIndices neutral, PromptIndices confounder) {
  /** Checks that nothing is missing. */
  public RolePrompts {
    requireNonNull(self, "self is null");
    requireNonNull(neutral, "neutral is null");
    requireNonNull(confounder, "confounder is null");
  }

  /**
   * The prompts of each role as the options label them. Only a confounder category that nobody
   * chose, which is that of the published study, may be missing: a name of one's own without
   * prompts is a slip of the pen.
   *
   * @throws RolescopeException INVALID_ARGUMENT where a role has no prompts
   */
  public static RolePrompts of(RoleOptions options) {
    RoleCategories roles = options.roles();
    return new RolePrompts(
        needed(options, roles.self(), "self"),
        needed(options, roles.neutral(), "neutral"),
        roles.confounder().equals(RoleCategories.PUBLISHED.confounder())
            ? labelled(options, roles.confounder())
            : needed(options, roles.confounder(), "confounder"));
  }

  /** The indices that have every category they rest on: RSI is missing without a confounder. */
  public List<RoleIndex> indices() {
    return Arrays.stream(RoleIndex.values()).filter(index -> fewest(index) > 0).toList();
  }

  /** Number of prompts in the smallest of the categories that an index rests on. */
  int fewest(RoleIndex index) {
    int two = Math.min(self.size(), neutral.size());
    return switch (index) {
      case RFC -> two;
      case RSI -> Math.min(two, confounder.size());
    };
  }

  private static PromptIndices needed(RoleOptions options, String category, String role) {
    PromptIndices prompts = labelled(options, category);
    if (prompts.size() == 0) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "No prompt is in category %s, which is to be %s; the categories given are %s"
              .formatted(category, role, new TreeSet<>(options.categories())));
    }
    return prompts;
  }

  private static PromptIndices labelled(RoleOptions options, String category) {
    return PromptIndices.of(
        IntStream.range(0, options.categories().size())
            .filter(prompt -> options.categories().get(prompt).equals(category))
            .toArray());
  }
}

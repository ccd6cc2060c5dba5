package org.rolescope.metrics.candidates;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.role.PromptIndices;

/**
 * Self and neutral prompts paired by their position in the category; those left over in the larger
 * category are left out.
 *
 * @param self the self prompt of each pair
 * @param neutral the neutral prompt of each pair
 */
record PromptPairs(PromptIndices self, PromptIndices neutral) {
  /** With one pair there is no spread, and no test. */
  static final int MIN_COUNT = 2;

  PromptPairs {
    requireNonNull(self, "self is null");
    requireNonNull(neutral, "neutral is null");
    if (self.size() != neutral.size()) {
      throw new IllegalArgumentException(
          "%d self and %d neutral prompts are no pairs".formatted(self.size(), neutral.size()));
    }
  }

  /**
   * The pairs the options make.
   *
   * @throws RolescopeException INVALID_ARGUMENT where there are fewer than {@value #MIN_COUNT}
   */
  static PromptPairs of(CandidateOptions options) {
    int[] self = inCategory(options.categories(), options.roles().self());
    int[] neutral = inCategory(options.categories(), options.roles().neutral());
    int count = Math.min(self.length, neutral.length);
    if (count < MIN_COUNT) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "There are %d prompts in category %s and %d in %s; candidates need at least %d in each"
              .formatted(
                  self.length,
                  options.roles().self(),
                  neutral.length,
                  options.roles().neutral(),
                  MIN_COUNT));
    }
    return new PromptPairs(first(self, count), first(neutral, count));
  }

  /** Number of pairs. */
  int count() {
    return self.size();
  }

  /** The pairs whose prompts have an entropy in both tables. */
  PromptPairs measuredIn(EntropyTable base, EntropyTable instruct) {
    IntPredicate measured =
        pair ->
            isMeasured(base, self.at(pair))
                && isMeasured(base, neutral.at(pair))
                && isMeasured(instruct, self.at(pair))
                && isMeasured(instruct, neutral.at(pair));
    int[] kept = IntStream.range(0, count()).filter(measured).toArray();
    return new PromptPairs(
        PromptIndices.of(IntStream.of(kept).map(self::at).toArray()),
        PromptIndices.of(IntStream.of(kept).map(neutral::at).toArray()));
  }

  private static boolean isMeasured(EntropyTable table, int prompt) {
    return table.queryCounts().map(counts -> counts.get(prompt) > 0).orElse(true);
  }

  private static int[] inCategory(List<String> categories, String category) {
    return IntStream.range(0, categories.size())
        .filter(prompt -> categories.get(prompt).equals(category))
        .toArray();
  }

  private static PromptIndices first(int[] prompts, int count) {
    return PromptIndices.of(IntStream.of(prompts).limit(count).toArray());
  }
}

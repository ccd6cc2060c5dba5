package org.rolescope.orchestrator.plan;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.apache.commons.statistics.inference.PValueMethod;

/**
 * How long the prompts of a set are, counted in one unit.
 *
 * @param unit what was counted, in the plural, for example {@code words}
 * @param set the prompts
 * @param counts length of every prompt, in order of the prompts
 */
public record Lengths(String unit, PromptSet set, List<Integer> counts) {
  private static final double SIGNIFICANCE_LEVEL = 0.05;

  /** Copies the lengths and checks that there is one for each prompt. */
  public Lengths {
    requireNonNull(unit, "unit is null");
    requireNonNull(set, "set is null");
    counts = List.copyOf(counts);
    if (counts.size() != set.texts().size()) {
      throw new IllegalArgumentException(
          counts.size() + " lengths for " + set.texts().size() + " prompts");
    }
  }

  /** Words: what white space separates. */
  public static Lengths inWords(PromptSet set) {
    return new Lengths(
        "words", set, set.texts().stream().map(text -> text.strip().split("\\s+").length).toList());
  }

  /** Characters: Unicode code points. */
  public static Lengths inCharacters(PromptSet set) {
    return new Lengths(
        "characters",
        set,
        set.texts().stream().map(text -> text.codePointCount(0, text.length())).toList());
  }

  /** Mean, shortest and longest of one category. */
  public IntSummaryStatistics of(String category) {
    return lengths(category).summaryStatistics();
  }

  /**
   * How the lengths of two categories differ, by the two-sided Mann-Whitney U test with correction
   * for ties and continuity, as the confound report of a run has it: docs/metrics.md.
   */
  public Difference difference(String first, String second) {
    double[] one = lengths(first).asDoubleStream().toArray();
    double[] other = lengths(second).asDoubleStream().toArray();
    double pValue =
        IntStream.concat(lengths(first), lengths(second)).distinct().count() == 1
            ? 1
            : MannWhitneyUTest.withDefaults()
                .with(PValueMethod.ASYMPTOTIC)
                .test(one, other)
                .getPValue();
    return new Difference(of(first).getAverage() - of(second).getAverage(), pValue);
  }

  private IntStream lengths(String category) {
    List<String> categories = set.categoryOfEachPrompt();
    List<Integer> chosen = new ArrayList<>();
    for (int prompt = 0; prompt < counts.size(); prompt++) {
      if (categories.get(prompt).equals(category)) {
        chosen.add(counts.get(prompt));
      }
    }
    return chosen.stream().mapToInt(Integer::intValue);
  }

  /**
   * How two categories differ in length.
   *
   * @param ofMeans mean of the first minus mean of the second
   * @param pValue two-sided p-value; 1 where all prompts of both are of one length
   */
  public record Difference(double ofMeans, double pValue) {
    /** Whether the difference may be chance: its p-value is not below 0.05. */
    public boolean isBalanced() {
      return pValue >= SIGNIFICANCE_LEVEL;
    }
  }
}

package org.rolescope.metrics.role;

/**
 * An index of one layer by the ratio of sums, and how far each prompt pulls it: the linear part of
 * the change when the prompt weighs more (the influence function). The sum over a category is 0,
 * and the sum of squares over all prompts estimates the variance of the index.
 *
 * @see <a href="https://doi.org/10.1080/01621459.1974.10482962">Hampel 1974</a>
 */
public final class IndexInfluence {
  private final LayerTotals totals;
  private final double value;
  private final Pull self;
  private final Pull neutral;
  private final Pull confounder;

  /**
   * Computes the index.
   *
   * @param totals the layer
   * @param index the index
   * @param prompts the prompts as labelled; NaN throughout where the index is undefined for them
   */
  public IndexInfluence(LayerTotals totals, RoleIndex index, RolePrompts prompts) {
    this.totals = totals;
    double selfNats = totals.pooled(prompts.self());
    double neutralNats = totals.pooled(prompts.neutral());
    double confounderNats = totals.pooled(prompts.confounder());
    value = index.of(selfNats, neutralNats, confounderNats);
    // Both indices fall with 1/neutral as self grows. As neutral grows, RSI falls with RSI/neutral,
    // and RFC, which is 1 less such a ratio, rises with (1 - RFC)/neutral.
    double byNeutral = index == RoleIndex.RFC ? 1 - value : -value;
    double byConfounder = index == RoleIndex.RFC ? 0 : 1;
    self = new Pull(selfNats, -1 / neutralNats / totals.rows(prompts.self()));
    neutral = new Pull(neutralNats, byNeutral / neutralNats / totals.rows(prompts.neutral()));
    confounder =
        new Pull(confounderNats, byConfounder / neutralNats / totals.rows(prompts.confounder()));
  }

  /** The index. */
  public double value() {
    return value;
  }

  /** How far a prompt pulls as one of the self prompts. */
  public double ofSelf(int prompt) {
    return self.of(totals, prompt);
  }

  /** How far a prompt pulls as one of the neutral prompts. */
  public double ofNeutral(int prompt) {
    return neutral.of(totals, prompt);
  }

  /** How far a prompt pulls as one of the confounder prompts: not at all on RFC. */
  public double ofConfounder(int prompt) {
    return confounder.of(totals, prompt);
  }

  private record Pull(double meanNats, double slope) {
    double of(LayerTotals totals, int prompt) {
      return slope == 0 ? 0 : slope * totals.excessNats(prompt, meanNats);
    }
  }
}

package org.rolescope.metrics.contrast;

import static java.util.Objects.requireNonNull;

import java.util.function.IntToDoubleFunction;
import org.rolescope.metrics.role.IndexInfluence;
import org.rolescope.metrics.role.IndexStatistic;
import org.rolescope.metrics.role.LayerTotals;
import org.rolescope.metrics.role.PromptIndices;
import org.rolescope.metrics.role.RoleIndex;
import org.rolescope.metrics.role.RolePrompts;

/**
 * The default difference of two models over its standard error, which a permutation test compares.
 *
 * <p>Swapped labels undo what the roles do within each model, and with it change the spread of the
 * difference: where both models focus alike, the bare difference rejects far too rarely (RFC above
 * 0) or far too often (below). Over its own standard error it does neither; where labels do not
 * matter at all the test stays exact.
 *
 * @param base the older version
 * @param instruct the newer version
 * @see <a href="https://doi.org/10.1214/13-AOS1090">Chung and Romano 2013</a>
 */
record StudentisedDifference(LayerTotals base, LayerTotals instruct) implements IndexStatistic {
  StudentisedDifference {
    requireNonNull(base, "base is null");
    requireNonNull(instruct, "instruct is null");
  }

  /**
   * Instruct minus base, over the root of the summed squares of what each prompt contributes.
   * Models that do not differ give 0; a difference without any spread, as of one prompt a category,
   * is infinite.
   */
  @Override
  public double value(RoleIndex index, RolePrompts prompts) {
    IndexInfluence before = new IndexInfluence(base, index, prompts);
    IndexInfluence after = new IndexInfluence(instruct, index, prompts);
    double difference = after.value() - before.value();
    double variance =
        squares(prompts.self(), prompt -> after.ofSelf(prompt) - before.ofSelf(prompt))
            + squares(
                prompts.neutral(), prompt -> after.ofNeutral(prompt) - before.ofNeutral(prompt))
            + squares(
                prompts.confounder(),
                prompt -> after.ofConfounder(prompt) - before.ofConfounder(prompt));
    return difference == 0 ? 0 : difference / Math.sqrt(variance);
  }

  private static double squares(PromptIndices prompts, IntToDoubleFunction contribution) {
    double sum = 0;
    for (int position = 0; position < prompts.size(); position++) {
      double pull = contribution.applyAsDouble(prompts.at(position));
      sum += pull * pull;
    }
    return sum;
  }
}

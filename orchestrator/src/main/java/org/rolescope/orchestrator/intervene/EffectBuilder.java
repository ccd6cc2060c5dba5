package org.rolescope.orchestrator.intervene;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.rolescope.v1.CategoryDivergence;
import org.rolescope.v1.InterventionEffect;
import org.rolescope.v1.LogitComparison;
import org.rolescope.v1.NamedIntervention;
import org.rolescope.v1.ScoreInterventionResponse;

/** Puts together what an intervention does. */
final class EffectBuilder {
  private EffectBuilder() {}

  /**
   * The effect of an intervention.
   *
   * @param named the intervention
   * @param scored changes of each layer
   * @param categories category of each prompt
   * @param comparisons next-token distributions of each prompt
   */
  static InterventionEffect of(
      NamedIntervention named,
      ScoreInterventionResponse scored,
      List<String> categories,
      List<LogitComparison> comparisons) {
    InterventionEffect.Builder effect =
        InterventionEffect.newBuilder()
            .setIntervention(named)
            .addAllLayers(scored.getLayersList())
            .addAllPrompts(comparisons);
    for (String category : new LinkedHashSet<>(categories)) {
      List<LogitComparison> own =
          IntStream.range(0, categories.size())
              .filter(prompt -> categories.get(prompt).equals(category))
              .mapToObj(comparisons::get)
              .toList();
      effect.addDivergences(
          CategoryDivergence.newBuilder()
              .setCategory(category)
              .setMeanKlNats(mean(own, LogitComparison::getKlNats))
              .setMeanLogitDifferenceChange(
                  mean(
                      own,
                      each -> each.getOtherLogitDifference() - each.getCleanLogitDifference())));
    }
    return effect.build();
  }

  private static double mean(
      List<LogitComparison> comparisons, ToDoubleFunction<LogitComparison> value) {
    return comparisons.stream().mapToDouble(value).average().orElse(Double.NaN);
  }
}

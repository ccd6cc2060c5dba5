package org.rolescope.orchestrator.view;

import java.util.List;
import org.rolescope.orchestrator.view.RelatedWork.Found;
import org.rolescope.v1.InterventionResults;

/**
 * What ablations of a model found.
 *
 * @param id id of the work
 * @param model name of the model
 * @param interventions in the order of the plan
 */
public record InterventionInfo(String id, String model, List<NamedEffect> interventions) {
  /**
   * One intervention.
   *
   * @param name its name
   * @param divergences a row a category
   */
  public record NamedEffect(String name, List<Divergence> divergences) {}

  static InterventionInfo of(Found<InterventionResults> found) {
    return new InterventionInfo(
        found.id(),
        found.results().getModel().getName(),
        found.results().getEffectsList().stream()
            .map(
                effect ->
                    new NamedEffect(effect.getIntervention().getName(), Divergence.of(effect)))
            .toList());
  }
}

package org.rolescope.metrics.client;

import java.util.List;
import org.rolescope.metrics.entropy.ChangedPatterns;
import org.rolescope.v1.HeadIntervention;
import org.rolescope.v1.Intervention;

/**
 * Which patterns the interventions of a request put in place of the model's own. Uniform and random
 * attention to visible keys are not among them: their rows are distributions, as the model's are.
 *
 * @param interventions the interventions of the request
 */
record InterventionsMessage(List<Intervention> interventions) implements ChangedPatterns {
  InterventionsMessage {
    interventions =
        interventions.stream()
            .filter(Intervention::hasHeads)
            .filter(intervention -> writesRows(intervention.getHeads()))
            .toList();
  }

  @Override
  public boolean isChanged(int layer, int head, int prompt) {
    return interventions.stream()
        .anyMatch(
            intervention ->
                intervention.getLayer() == layer
                    && has(intervention.getHeads().getHeadsList(), head)
                    && has(intervention.getPromptIndicesList(), prompt));
  }

  /** An empty list stands for all. */
  private static boolean has(List<Integer> indices, int index) {
    return indices.isEmpty() || indices.contains(index);
  }

  private static boolean writesRows(HeadIntervention heads) {
    return switch (heads.getMethodCase()) {
      case PATTERN_SCALE, REFERENCE_UNIFORM, REFERENCE_RANDOM, PATTERN -> true;
      case UNIFORM, RANDOM, Z, CONSTANT_Z, METHOD_NOT_SET -> false;
    };
  }
}

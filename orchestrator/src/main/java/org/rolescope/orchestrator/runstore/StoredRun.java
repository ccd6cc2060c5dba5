package org.rolescope.orchestrator.runstore;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.plan.RunPlan;
import org.rolescope.v1.Model;

/**
 * What a run is started with: its plan and its models as they were then.
 *
 * @param plan the plan
 * @param models the model in each slot of the plan
 */
public record StoredRun(RunPlan plan, SortedMap<ModelSlot, Model> models) {
  /** Copies the models and checks that there is one for each slot of the plan. */
  public StoredRun {
    requireNonNull(plan, "plan is null");
    models = Collections.unmodifiableSortedMap(new TreeMap<>(models));
    if (!models.keySet().equals(plan.models().keySet())) {
      throw new IllegalArgumentException(
          "models for " + models.keySet() + " but the plan has " + plan.models().keySet());
    }
  }

  /** The id that follows from plan and models. */
  public RunId id() {
    List<String> identities = models.values().stream().map(RuntimeNames::identity).toList();
    return RunId.of(plan, identities);
  }

  /** The model in a slot. */
  public Model model(ModelSlot slot) {
    return requireNonNull(models.get(slot), () -> "no model in slot " + slot);
  }
}

package org.rolescope.orchestrator.execute;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.util.SortedMap;
import java.util.TreeMap;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.plan.EntropyName;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.plan.RunPlan;
import org.rolescope.orchestrator.runstore.RunFolder;
import org.rolescope.orchestrator.runstore.StoredRun;
import org.rolescope.v1.Model;
import org.rolescope.v1.Tap;

/**
 * Checks a plan against the services before anything is written, so that a plan that cannot work
 * leaves nothing behind.
 *
 * @param services who measures
 */
record PlanCheck(MeasuringServices services) {
  PlanCheck {
    requireNonNull(services, "services is null");
  }

  /**
   * Looks the models up.
   *
   * @param acceptWrongParity take even models that compute something else than their checkpoint
   * @throws RolescopeException NOT_FOUND where there is none of that name, INVALID_ARGUMENT where
   *     they cannot be measured so, MALFORMED_MODEL where one was found to compute something else
   *     than its checkpoint, UNAVAILABLE where the inference service cannot be reached
   */
  StoredRun resolve(RunPlan plan, boolean acceptWrongParity) {
    SortedMap<ModelSlot, Model> models = new TreeMap<>();
    plan.models().forEach((slot, name) -> models.put(slot, services.inference().model(name)));
    models.values().forEach(PlanCheck::checkTaps);
    if (plan.roleSettings().entropy() == EntropyName.NORM_WEIGHTED) {
      models.values().forEach(PlanCheck::checkValueNorms);
    }
    if (!acceptWrongParity) {
      models.values().forEach(ParityCheck::require);
    }
    if (plan.compares()) {
      checkComparable(models.get(ModelSlot.BASE), models.get(ModelSlot.RUN));
    }
    return new StoredRun(plan, models);
  }

  /**
   * Has the prompts tokenised for each model that was not measured yet, which shows that it can
   * take them and that both services answer.
   *
   * @throws RolescopeException INVALID_ARGUMENT where a model cannot take a prompt, UNAVAILABLE
   *     where a service cannot be reached
   */
  void tryPrompts(StoredRun run, RunFolder folder, boolean fresh) {
    for (ModelSlot slot : run.models().keySet()) {
      if (fresh || !Files.exists(folder.started(slot))) {
        services.metrics().tokenize(new Measurement(run, slot, folder).from(0));
      }
    }
  }

  private static void checkTaps(Model model) {
    if (!model.getTapsList().contains(Tap.TAP_PATTERN) || model.getLayerCount() < 1) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "Model %s offers no attention patterns; export it again with the pattern tap"
              .formatted(model.getName()));
    }
  }

  /** Found out now rather than when everything else is measured. */
  private static void checkValueNorms(Model model) {
    if (!model.getTapsList().contains(Tap.TAP_VALUE_NORM)) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "Model %s offers no value norms, on which norm-weighted entropy rests; export it again with the value_norm tap, or take another kind of entropy"
              .formatted(model.getName()));
    }
  }

  private static void checkComparable(Model base, Model instruct) {
    if (base.getLayerCount() != instruct.getLayerCount()) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "Models %s and %s have %d and %d layers, so no layer of one belongs to a layer of the other; compare two versions of one model"
              .formatted(
                  base.getName(),
                  instruct.getName(),
                  base.getLayerCount(),
                  instruct.getLayerCount()));
    }
    if (base.getHeadCount() != instruct.getHeadCount()) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "Models %s and %s have %d and %d heads a layer, so no head of one belongs to a head of the other; compare two versions of one model"
              .formatted(
                  base.getName(),
                  instruct.getName(),
                  base.getHeadCount(),
                  instruct.getHeadCount()));
    }
  }
}

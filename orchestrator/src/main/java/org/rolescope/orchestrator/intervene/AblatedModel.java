package org.rolescope.orchestrator.intervene;

import static java.util.Objects.requireNonNull;

import org.rolescope.orchestrator.execute.ModelCheck;
import org.rolescope.orchestrator.plan.EntropyName;
import org.rolescope.orchestrator.plan.InterventionPlan;
import org.rolescope.orchestrator.plan.Invalid;
import org.rolescope.v1.AblatedSite;
import org.rolescope.v1.Ablation;
import org.rolescope.v1.AblationMethod;
import org.rolescope.v1.Model;
import org.rolescope.v1.NamedIntervention;
import org.rolescope.v1.Tap;

/**
 * Checks a plan against its model.
 *
 * @param model the model, as the inference service describes it
 */
record AblatedModel(Model model) {
  AblatedModel {
    requireNonNull(model, "model is null");
  }

  /**
   * Makes sure that the model can be ablated so.
   *
   * @param acceptWrongParity take even a model that computes something else than its checkpoint
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where it has no such layer or
   *     head, or offers too few taps; MALFORMED_MODEL where it was found to be wrong
   */
  void check(InterventionPlan plan, boolean acceptWrongParity) {
    ModelCheck.patterns(model);
    if (plan.roleSettings().entropy() == EntropyName.NORM_WEIGHTED) {
      ModelCheck.valueNorms(model);
    }
    if (!acceptWrongParity) {
      ModelCheck.parity(model);
    }
    // A model of stages always offers its residual stream; one that was instrumented never does.
    Invalid.unless(
        model.getTapsList().contains(Tap.TAP_RESID_POST),
        "Model %s was instrumented from an ONNX graph and cannot be ablated; export its checkpoint instead",
        model.getName());
    offers(Tap.TAP_LOGITS, "logits", "next tokens are compared");
    for (NamedIntervention intervention : plan.interventions()) {
      for (Ablation ablation : intervention.getAblationsList()) {
        checkPlace(intervention.getName(), ablation);
        if (ablation.getMethod() == AblationMethod.ABLATION_METHOD_MEAN) {
          checkMean(ablation.getSite());
        }
      }
    }
  }

  private void checkPlace(String name, Ablation ablation) {
    // Larger unsigned numbers come as negative ones.
    Invalid.unless(
        Integer.compareUnsigned(ablation.getLayer(), model.getLayerCount()) < 0,
        "Intervention %s names layer %s, but model %s has layers 0 to %d; name one of those",
        name,
        Integer.toUnsignedString(ablation.getLayer()),
        model.getName(),
        model.getLayerCount() - 1);
    Invalid.unless(
        !ablation.hasHead()
            || Integer.compareUnsigned(ablation.getHead(), model.getHeadCount()) < 0,
        "Intervention %s names head %s, but model %s has heads 0 to %d; name one of those",
        name,
        Integer.toUnsignedString(ablation.getHead()),
        model.getName(),
        model.getHeadCount() - 1);
  }

  private void checkMean(AblatedSite site) {
    if (site == AblatedSite.ABLATED_SITE_MLP) {
      offers(Tap.TAP_MLP_OUT, "mlp_out", "the mean of an MLP is taken");
    } else {
      offers(Tap.TAP_Z, "z", "the mean of a head is taken");
    }
  }

  private void offers(Tap tap, String name, String reason) {
    Invalid.unless(
        model.getTapsList().contains(tap),
        "Model %s offers no tap %s, of which %s; export it again with that tap",
        model.getName(),
        name,
        reason);
  }

  /** The first layer that an intervention changes. */
  static int firstLayer(NamedIntervention intervention) {
    return intervention.getAblationsList().stream()
        .mapToInt(Ablation::getLayer)
        .min()
        .orElseThrow();
  }
}

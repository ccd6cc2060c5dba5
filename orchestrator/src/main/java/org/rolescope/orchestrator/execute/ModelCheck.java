package org.rolescope.orchestrator.execute;

import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.v1.Model;
import org.rolescope.v1.Parity;
import org.rolescope.v1.Tap;

/** Whether a model can be measured. */
public final class ModelCheck {
  private ModelCheck() {}

  /**
   * Makes sure that a model offers attention patterns.
   *
   * @throws RolescopeException INVALID_ARGUMENT where it does not
   */
  public static void patterns(Model model) {
    if (!model.getTapsList().contains(Tap.TAP_PATTERN) || model.getLayerCount() < 1) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "Model %s offers no attention patterns; export it again with the pattern tap"
              .formatted(model.getName()));
    }
  }

  /**
   * Makes sure that a model offers what norm-weighted entropy rests on. Found out at the start
   * rather than when everything else is measured.
   *
   * @throws RolescopeException INVALID_ARGUMENT where it does not
   */
  public static void valueNorms(Model model) {
    if (!model.getTapsList().contains(Tap.TAP_VALUE_NORM)) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "Model %s offers no value norms, on which norm-weighted entropy rests; export it again with the value_norm tap, or take another kind of entropy"
              .formatted(model.getName()));
    }
  }

  /**
   * Makes sure that verification did not find a model to be wrong.
   *
   * @throws RolescopeException MALFORMED_MODEL where it did
   */
  public static void parity(Model model) {
    if (model.getParity() == Parity.PARITY_WRONG) {
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "Model %s computes something else than its checkpoint, as its verification found; export it again and verify it, or measure it all the same with --accept-wrong (accept_wrong_parity)"
              .formatted(model.getName()));
    }
  }
}

package org.rolescope.orchestrator.execute;

import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.v1.Model;
import org.rolescope.v1.Parity;

/** Whether what verification found of a model lets anything be measured with it. */
public final class ParityCheck {
  private ParityCheck() {}

  /**
   * Refuses a model that computes something else than its checkpoint.
   *
   * @throws RolescopeException MALFORMED_MODEL where verification found that
   */
  public static void require(Model model) {
    if (model.getParity() == Parity.PARITY_WRONG) {
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "Model %s computes something else than its checkpoint, as its verification found; export it again and verify it, or measure it all the same with --accept-wrong (accept_wrong_parity)"
              .formatted(model.getName()));
    }
  }
}

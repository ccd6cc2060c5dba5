package org.rolescope.metrics.role;

import static java.util.Objects.requireNonNull;

import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * Which category of prompts plays which part.
 *
 * @param self prompts about the model itself
 * @param neutral prompts about nobody: the denominator
 * @param confounder prompts about the user: the other side of RSI, which is NaN without them
 */
public record RoleCategories(String self, String neutral, String confounder) {
  /** The categories of the published study. */
  public static final RoleCategories PUBLISHED =
      new RoleCategories("self_referent", "neutral", "confounder");

  /**
   * Checks that self and neutral differ: an index that compares a category with itself is 0.
   *
   * @throws RolescopeException INVALID_ARGUMENT where they do not
   */
  public RoleCategories {
    requireNonNull(confounder, "confounder is null");
    if (self.equals(neutral)) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "Category " + self + " cannot be both self and neutral; name two different ones");
    }
  }
}

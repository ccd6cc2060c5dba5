package org.rolescope.orchestrator.client;

import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.plan.BosPolicy;
import org.rolescope.orchestrator.plan.PromptOptions;

/** Prompt options as the services take them. */
public final class PromptOptionsMessage {
  private PromptOptionsMessage() {}

  /** The contract's form of options. */
  public static org.rolescope.v1.PromptOptions of(PromptOptions options) {
    return org.rolescope.v1.PromptOptions.newBuilder()
        .setBos(
            switch (options.bos()) {
              case AUTO -> org.rolescope.v1.BosPolicy.BOS_POLICY_AUTO;
              case ALWAYS -> org.rolescope.v1.BosPolicy.BOS_POLICY_ALWAYS;
              case NEVER -> org.rolescope.v1.BosPolicy.BOS_POLICY_NEVER;
            })
        .setChatTemplate(options.chatTemplate())
        .build();
  }

  /**
   * Reads the contract's form.
   *
   * @throws RolescopeException INVALID_ARGUMENT where the policy is not known
   */
  public static PromptOptions read(org.rolescope.v1.PromptOptions message) {
    BosPolicy bos =
        switch (message.getBos()) {
          case BOS_POLICY_UNSPECIFIED, BOS_POLICY_AUTO -> BosPolicy.AUTO;
          case BOS_POLICY_ALWAYS -> BosPolicy.ALWAYS;
          case BOS_POLICY_NEVER -> BosPolicy.NEVER;
          case UNRECOGNIZED ->
              throw new RolescopeException(
                  FaultCode.INVALID_ARGUMENT,
                  "The plan names a policy for the begin token that is not known here; name one of BosPolicy");
        };
    return new PromptOptions(bos, message.getChatTemplate());
  }
}

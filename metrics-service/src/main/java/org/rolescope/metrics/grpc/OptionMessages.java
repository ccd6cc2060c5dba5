package org.rolescope.metrics.grpc;

import java.util.Arrays;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.role.RoleCategories;
import org.rolescope.metrics.role.RoleOptions;

/** Converts options to and from messages; what a caller leaves out is filled in. */
final class OptionMessages {
  private OptionMessages() {}

  /**
   * The options of a message, defaults filled in.
   *
   * @throws RolescopeException INVALID_ARGUMENT where an option is out of range
   */
  static RoleOptions options(org.rolescope.v1.RoleOptions message) {
    return new RoleOptions(
        message.getCategoriesList(),
        roles(message.getRoles()),
        resamples(message.getBootstrapResamples()),
        resamples(message.getPermutations()),
        message.getSeed(),
        orDefault(message.getDegenerateBelowNats(), RoleOptions.DEFAULT_DEGENERATE_BELOW_NATS),
        orDefault(message.getUnstableAbove(), RoleOptions.DEFAULT_UNSTABLE_ABOVE),
        orDefault(message.getSignificanceLevel(), RoleOptions.DEFAULT_SIGNIFICANCE_LEVEL),
        entropy(message.getEntropy(), RoleOptions.DEFAULT_ENTROPY));
  }

  /** The message of options. */
  static org.rolescope.v1.RoleOptions message(RoleOptions options) {
    return org.rolescope.v1.RoleOptions.newBuilder()
        .addAllCategories(options.categories())
        .setRoles(message(options.roles()))
        .setBootstrapResamples(options.bootstrapResamples())
        .setPermutations(options.permutations())
        .setSeed(options.seed())
        .setDegenerateBelowNats(options.degenerateBelowNats())
        .setUnstableAbove(options.unstableAbove())
        .setSignificanceLevel(options.significanceLevel())
        .setEntropy(EntropyMessages.wireKind(options.entropy()))
        .build();
  }

  /**
   * The kind of entropy that options name.
   *
   * @param kind the contract's name of it
   * @param otherwise what stands for none
   * @throws RolescopeException INVALID_ARGUMENT where this service does not know it
   */
  static EntropyKind entropy(org.rolescope.v1.EntropyKind kind, EntropyKind otherwise) {
    if (kind == org.rolescope.v1.EntropyKind.ENTROPY_KIND_UNSPECIFIED) {
      return otherwise;
    }
    return Arrays.stream(EntropyKind.values())
        .filter(known -> EntropyMessages.wireKind(known) == kind)
        .findFirst()
        .orElseThrow(
            () ->
                new RolescopeException(
                    FaultCode.INVALID_ARGUMENT,
                    "The options name a kind of entropy that is not known here; name one of EntropyKind"));
  }

  /** The message of categories. */
  static org.rolescope.v1.RoleCategories message(RoleCategories roles) {
    return org.rolescope.v1.RoleCategories.newBuilder()
        .setSelf(roles.self())
        .setNeutral(roles.neutral())
        .setConfounder(roles.confounder())
        .build();
  }

  /** The categories of a message; names left empty are the published ones. */
  static RoleCategories roles(org.rolescope.v1.RoleCategories message) {
    return new RoleCategories(
        orDefault(message.getSelf(), RoleCategories.PUBLISHED.self()),
        orDefault(message.getNeutral(), RoleCategories.PUBLISHED.neutral()),
        orDefault(message.getConfounder(), RoleCategories.PUBLISHED.confounder()));
  }

  /** A number of resamples; 0 is the default. */
  static int resamples(int count) {
    long asked = Integer.toUnsignedLong(count);
    return asked == 0 ? RoleOptions.DEFAULT_RESAMPLES : (int) Math.min(asked, Integer.MAX_VALUE);
  }

  /** A value, or what stands for 0. */
  static double orDefault(double value, double otherwise) {
    return value == 0 ? otherwise : value;
  }

  private static String orDefault(String value, String otherwise) {
    return value.isEmpty() ? otherwise : value;
  }
}

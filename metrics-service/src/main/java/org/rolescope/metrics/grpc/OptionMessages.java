package org.rolescope.metrics.grpc;

import org.rolescope.metrics.role.RoleCategories;
import org.rolescope.metrics.role.RoleOptions;

/** Converts options to and from messages; what a caller leaves out is filled in. */
final class OptionMessages {
  private OptionMessages() {}

  /** The options of a message, defaults filled in. */
  static RoleOptions options(org.rolescope.v1.RoleOptions message) {
    return new RoleOptions(
        message.getCategoriesList(),
        roles(message.getRoles()),
        resamples(message.getBootstrapResamples()),
        resamples(message.getPermutations()),
        message.getSeed(),
        orDefault(message.getDegenerateBelowNats(), RoleOptions.DEFAULT_DEGENERATE_BELOW_NATS),
        orDefault(message.getUnstableAbove(), RoleOptions.DEFAULT_UNSTABLE_ABOVE),
        orDefault(message.getSignificanceLevel(), RoleOptions.DEFAULT_SIGNIFICANCE_LEVEL));
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
        .build();
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

  private static int resamples(int count) {
    long asked = Integer.toUnsignedLong(count);
    return asked == 0 ? RoleOptions.DEFAULT_RESAMPLES : (int) Math.min(asked, Integer.MAX_VALUE);
  }

  private static double orDefault(double value, double otherwise) {
    return value == 0 ? otherwise : value;
  }

  private static String orDefault(String value, String otherwise) {
    return value.isEmpty() ? otherwise : value;
  }
}

package org.rolescope.metrics.grpc;

import org.rolescope.metrics.role.RoleGolden;
import org.rolescope.v1.CompareModelsRequest;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.LayerPair;
import org.rolescope.v1.RoleCategories;
import org.rolescope.v1.RoleOptions;
import org.rolescope.v1.SummarizeRolesRequest;

/** Messages that summarise and compare the golden entropies. */
final class RoleRequests {
  private RoleRequests() {}

  /** Options as most callers send them. */
  static SummarizeRolesRequest options() {
    return SummarizeRolesRequest.newBuilder().setOptions(unfilled()).build();
  }

  /** The same for two models. */
  static CompareModelsRequest compareOptions() {
    return CompareModelsRequest.newBuilder().setOptions(unfilled()).build();
  }

  /** Options with what has no default. */
  static RoleOptions unfilled() {
    return RoleOptions.newBuilder()
        .addAllCategories(RoleGolden.options().categories())
        .setSeed(1)
        .build();
  }

  /** The same with every default. */
  static RoleOptions filled() {
    return unfilled().toBuilder()
        .setRoles(
            RoleCategories.newBuilder()
                .setSelf("self_referent")
                .setNeutral("neutral")
                .setConfounder("confounder"))
        .setBootstrapResamples(2000)
        .setPermutations(2000)
        .setDegenerateBelowNats(0.02)
        .setUnstableAbove(0.05)
        .setSignificanceLevel(0.05)
        .setEntropy(EntropyKind.ENTROPY_KIND_EXACT)
        .build();
  }

  /** A layer of one model. */
  static SummarizeRolesRequest layer(LayerEntropies layer) {
    return SummarizeRolesRequest.newBuilder().setLayer(layer).build();
  }

  /** A layer of both models. */
  static CompareModelsRequest pair(LayerEntropies base, LayerEntropies instruct) {
    return CompareModelsRequest.newBuilder()
        .setLayer(LayerPair.newBuilder().setBase(base).setInstruct(instruct))
        .build();
  }

  /** A layer of the base model. */
  static LayerEntropies wire(int layer) {
    return EntropyMessages.message(RoleGolden.layer(layer, "base"));
  }

  /** A layer of the instruct model. */
  static LayerEntropies instruct(int layer) {
    return EntropyMessages.message(RoleGolden.layer(layer, "instruct"));
  }
}

package org.rolescope.metrics.grpc;

import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.rolescope.metrics.confound.Confounds;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.role.LayerRoles;
import org.rolescope.metrics.role.RoleEstimator;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.v1.SummarizeRolesRequest;
import org.rolescope.v1.SummarizeRolesResponse;

/** One call of SummarizeRoles: each layer is estimated as it comes, the answer sent at the end. */
final class SummarizeRolesObserver
    extends AnsweringObserver<SummarizeRolesRequest, SummarizeRolesResponse> {
  private final LayerProtocol protocol = new LayerProtocol();
  private final List<LayerRoles> layers = new ArrayList<>();
  private RoleOptions options;
  private RoleEstimator estimator;
  private Confounds confounds;

  SummarizeRolesObserver(StreamObserver<SummarizeRolesResponse> observer) {
    super(observer);
  }

  @Override
  void take(SummarizeRolesRequest request) {
    switch (request.getInputCase()) {
      case OPTIONS -> {
        protocol.options();
        options = OptionMessages.options(request.getOptions());
        estimator = new RoleEstimator(options);
        confounds = new Confounds(options);
      }
      case LAYER -> {
        protocol.layer(request.getLayer().getLayer());
        LayerEntropies layer = EntropyMessages.layer(request.getLayer());
        LayerRoles roles = estimator.estimate(layer);
        confounds.add(layer, roles);
        layers.add(roles);
      }
      case INPUT_NOT_SET -> throw LayerProtocol.empty();
    }
  }

  @Override
  SummarizeRolesResponse answer() {
    protocol.end();
    return SummarizeRolesResponse.newBuilder()
        .setOptions(OptionMessages.message(options))
        .addAllLayers(layers.stream().map(RoleMessages::message).toList())
        .setConfounds(ConfoundMessages.message(confounds.report(layers)))
        .build();
  }
}

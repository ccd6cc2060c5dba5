package org.rolescope.metrics.grpc;

import io.grpc.stub.StreamObserver;
import org.rolescope.metrics.role.RoleEstimator;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.v1.SummarizeRolesRequest;
import org.rolescope.v1.SummarizeRolesResponse;

/** One call of SummarizeRoles: each layer is estimated as it comes, the answer sent at the end. */
final class SummarizeRolesObserver
    extends AnsweringObserver<SummarizeRolesRequest, SummarizeRolesResponse> {
  private final LayerProtocol protocol = new LayerProtocol();
  private final SummarizeRolesResponse.Builder response = SummarizeRolesResponse.newBuilder();
  private RoleEstimator estimator;

  SummarizeRolesObserver(StreamObserver<SummarizeRolesResponse> observer) {
    super(observer);
  }

  @Override
  void take(SummarizeRolesRequest request) {
    switch (request.getInputCase()) {
      case OPTIONS -> {
        protocol.options();
        RoleOptions options = OptionMessages.options(request.getOptions());
        estimator = new RoleEstimator(options);
        response.setOptions(OptionMessages.message(options));
      }
      case LAYER -> {
        protocol.layer(request.getLayer().getLayer());
        response.addLayers(
            RoleMessages.message(estimator.estimate(EntropyMessages.layer(request.getLayer()))));
      }
      case INPUT_NOT_SET -> throw LayerProtocol.empty();
    }
  }

  @Override
  SummarizeRolesResponse answer() {
    protocol.end();
    return response.build();
  }
}

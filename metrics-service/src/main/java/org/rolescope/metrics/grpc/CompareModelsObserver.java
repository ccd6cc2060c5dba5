package org.rolescope.metrics.grpc;

import io.grpc.stub.StreamObserver;
import org.rolescope.metrics.contrast.ModelComparison;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.v1.CompareModelsRequest;
import org.rolescope.v1.CompareModelsResponse;
import org.rolescope.v1.LayerPair;

/** One call of CompareModels: each layer is compared as it comes, the answer sent at the end. */
final class CompareModelsObserver
    extends AnsweringObserver<CompareModelsRequest, CompareModelsResponse> {
  private final LayerProtocol protocol = new LayerProtocol();
  private RoleOptions options;
  private ModelComparison comparison;

  CompareModelsObserver(StreamObserver<CompareModelsResponse> observer) {
    super(observer);
  }

  @Override
  void take(CompareModelsRequest request) {
    switch (request.getInputCase()) {
      case OPTIONS -> {
        protocol.options();
        options = OptionMessages.options(request.getOptions());
        comparison = new ModelComparison(options);
      }
      case LAYER -> {
        LayerPair pair = request.getLayer();
        protocol.layer(pair.getBase().getLayer());
        comparison.add(
            EntropyMessages.layer(pair.getBase()), EntropyMessages.layer(pair.getInstruct()));
      }
      case INPUT_NOT_SET -> throw LayerProtocol.empty();
    }
  }

  @Override
  CompareModelsResponse answer() {
    protocol.end();
    return ContrastMessages.message(options, comparison.finish());
  }
}

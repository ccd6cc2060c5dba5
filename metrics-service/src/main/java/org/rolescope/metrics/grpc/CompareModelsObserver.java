package org.rolescope.metrics.grpc;

import io.grpc.stub.StreamObserver;
import org.rolescope.metrics.confound.Confounds;
import org.rolescope.metrics.contrast.ModelComparison;
import org.rolescope.metrics.contrast.ModelContrast;
import org.rolescope.metrics.entropy.LayerEntropies;
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
  private Confounds confounds;

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
        confounds = new Confounds(options);
      }
      case LAYER -> {
        LayerPair pair = request.getLayer();
        protocol.layer(pair.getBase().getLayer());
        LayerEntropies base = EntropyMessages.layer(pair.getBase());
        LayerEntropies instruct = EntropyMessages.layer(pair.getInstruct());
        confounds.add(base, instruct, comparison.add(base, instruct));
      }
      case INPUT_NOT_SET -> throw LayerProtocol.empty();
    }
  }

  @Override
  CompareModelsResponse answer() {
    protocol.end();
    ModelContrast contrast = comparison.finish();
    return ContrastMessages.message(options, contrast, confounds.report(contrast));
  }
}

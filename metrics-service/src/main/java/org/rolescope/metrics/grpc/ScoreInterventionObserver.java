package org.rolescope.metrics.grpc;

import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.rolescope.metrics.patching.InterventionEffects;
import org.rolescope.metrics.patching.LayerEffects;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.v1.RunPair;
import org.rolescope.v1.ScoreInterventionRequest;
import org.rolescope.v1.ScoreInterventionResponse;

/** One call of ScoreIntervention: each layer is scored as it comes, the answer sent at the end. */
final class ScoreInterventionObserver
    extends AnsweringObserver<ScoreInterventionRequest, ScoreInterventionResponse> {
  private final LayerProtocol protocol = new LayerProtocol();
  private final List<LayerEffects> layers = new ArrayList<>();
  private RoleOptions options;
  private InterventionEffects effects;

  ScoreInterventionObserver(StreamObserver<ScoreInterventionResponse> observer) {
    super(observer);
  }

  @Override
  void take(ScoreInterventionRequest request) {
    switch (request.getInputCase()) {
      case OPTIONS -> {
        protocol.options();
        options = OptionMessages.options(request.getOptions());
        effects = new InterventionEffects(options);
      }
      case LAYER -> {
        RunPair pair = request.getLayer();
        protocol.layer(pair.getClean().getLayer());
        layers.add(
            effects.of(
                EntropyMessages.layer(pair.getClean()),
                EntropyMessages.layer(pair.getIntervened())));
      }
      case INPUT_NOT_SET -> throw LayerProtocol.empty();
    }
  }

  @Override
  ScoreInterventionResponse answer() {
    protocol.end();
    return ScoreInterventionResponse.newBuilder()
        .setOptions(OptionMessages.message(options))
        .addAllLayers(layers.stream().map(ScoreInterventionObserver::message).toList())
        .build();
  }

  private static org.rolescope.v1.LayerEffects message(LayerEffects layer) {
    return org.rolescope.v1.LayerEffects.newBuilder()
        .setLayer(layer.layer())
        .setSelfNats(RoleMessages.message(layer.selfNats()))
        .setNeutralNats(RoleMessages.message(layer.neutralNats()))
        .setConfounderNats(RoleMessages.message(layer.confounderNats()))
        .setRfc(RoleMessages.message(layer.rfc()))
        .setRsi(RoleMessages.message(layer.rsi()))
        .build();
  }
}

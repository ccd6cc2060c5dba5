package org.rolescope.inference.grpc;

import java.util.List;
import java.util.function.UnaryOperator;
import org.rolescope.inference.grpc.InferenceServer.Captured;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.HeadIntervention;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.MlpIntervention;
import org.rolescope.v1.Patch;
import org.rolescope.v1.ResidualIntervention;
import org.rolescope.v1.Tap;

/** Requests with interventions. */
final class InterventionRequests {
  private InterventionRequests() {}

  /** A request for every tap that an intervention can change. */
  static CaptureRequest.Builder request(String model, List<String> prompts) {
    return CaptureRequest.newBuilder()
        .setModel(model)
        .addAllPrompts(prompts)
        .addTaps(Tap.TAP_PATTERN)
        .addTaps(Tap.TAP_Z)
        .addTaps(Tap.TAP_RESID_POST)
        .addTaps(Tap.TAP_LOGITS);
  }

  /** Changes heads of a layer, on all prompts. */
  static Intervention heads(int layer, UnaryOperator<HeadIntervention.Builder> how) {
    return Intervention.newBuilder()
        .setLayer(layer)
        .setHeads(how.apply(HeadIntervention.newBuilder()))
        .build();
  }

  /** Scales the MLP of a layer, on all prompts. */
  static Intervention mlp(int layer, float factor) {
    return Intervention.newBuilder()
        .setLayer(layer)
        .setMlp(MlpIntervention.newBuilder().setScale(factor))
        .build();
  }

  /** Puts a residual stream behind a layer, on all prompts. */
  static Intervention residual(int layer, Patch patch) {
    return Intervention.newBuilder()
        .setLayer(layer)
        .setResidual(ResidualIntervention.newBuilder().setPatch(patch))
        .build();
  }

  /** What prompts 0 to count - 1 gave at a tap. */
  static Patch patch(Captured captured, String tap, int layer, int count) {
    Patch.Builder patch = Patch.newBuilder();
    for (int prompt = 0; prompt < count; prompt++) {
      patch.addValues(InterventionCases.bytes(CapturedTensors.of(captured, tap, layer, prompt)));
    }
    return patch.build();
  }
}

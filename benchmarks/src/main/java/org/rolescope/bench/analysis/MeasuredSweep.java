package org.rolescope.bench.analysis;

import io.grpc.Channel;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.rolescope.bench.machine.Cost;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.GetModelRequest;
import org.rolescope.v1.HeadIntervention;
import org.rolescope.v1.InferenceServiceGrpc;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.Model;
import org.rolescope.v1.Patch;
import org.rolescope.v1.SweepEnded;
import org.rolescope.v1.SweepRequest;
import org.rolescope.v1.SweepResponse;
import org.rolescope.v1.SweepSource;
import org.rolescope.v1.Tap;

/**
 * A sweep over all heads of a model, with z from a source run, and what it took.
 *
 * @param variants heads of the model
 * @param ended what the service says it cost
 * @param cost time from the request to the last message
 */
public record MeasuredSweep(int variants, SweepEnded ended, Cost cost) {
  /**
   * Runs a sweep. The source has the prompts of the target.
   *
   * @param channel leads to the inference service
   * @param name name of the model
   * @param prompts the prompts
   */
  public static MeasuredSweep run(Channel channel, String name, List<String> prompts) {
    GetModelRequest named = GetModelRequest.newBuilder().setName(name).build();
    Model model = InferenceServiceGrpc.newBlockingStub(channel).getModel(named).getModel();
    SweepRequest.Builder request =
        SweepRequest.newBuilder()
            .setModel(name)
            .addAllPrompts(prompts)
            .setSource(SweepSource.getDefaultInstance());
    for (int layer = 0; layer < model.getLayerCount(); layer++) {
      for (int head = 0; head < model.getHeadCount(); head++) {
        request.addVariantsBuilder().addInterventions(patch(layer, head));
      }
    }
    AtomicReference<SweepEnded> ended = new AtomicReference<>();
    Cost cost = Cost.of(() -> ended.set(read(channel, request.build())));
    return new MeasuredSweep(request.getVariantsCount(), ended.get(), cost);
  }

  /**
   * One plain pass of the same prompts, logits only.
   *
   * @param channel leads to the inference service
   * @param name name of the model
   * @param prompts the prompts
   */
  public static Cost plainPass(Channel channel, String name, List<String> prompts) {
    CaptureRequest request =
        CaptureRequest.newBuilder()
            .setModel(name)
            .addAllPrompts(prompts)
            .addTaps(Tap.TAP_LOGITS)
            .build();
    return Cost.of(
        () ->
            InferenceServiceGrpc.newBlockingStub(channel)
                .capture(request)
                .forEachRemaining(_ -> {}));
  }

  private static SweepEnded read(Channel channel, SweepRequest request) {
    Iterator<SweepResponse> messages = InferenceServiceGrpc.newBlockingStub(channel).sweep(request);
    SweepResponse last = SweepResponse.getDefaultInstance();
    while (messages.hasNext()) {
      last = messages.next();
    }
    return last.getEnded();
  }

  private static Intervention patch(int layer, int head) {
    return Intervention.newBuilder()
        .setLayer(layer)
        .setHeads(
            HeadIntervention.newBuilder()
                .addHeads(head)
                .setZ(Patch.newBuilder().setFromSource(true)))
        .build();
  }
}

package org.rolescope.inference.grpc;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.rolescope.inference.grpc.InferenceServer.Captured;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.TensorAssembler;
import org.rolescope.v1.SweepEnded;
import org.rolescope.v1.SweepLogits;
import org.rolescope.v1.SweepRequest;
import org.rolescope.v1.SweepResponse;
import org.rolescope.v1.SweepRun;
import org.rolescope.v1.SweepStarted;

/**
 * What a sweep sent.
 *
 * @param started its first message
 * @param runs what opened each tensor, in order
 * @param logits the tensors, in order
 * @param ended its last message
 */
record Swept(
    SweepStarted started, List<SweepLogits> runs, List<TensorView> logits, SweepEnded ended) {
  /** Runs a sweep to its end. */
  static Swept run(InferenceServer server, SweepRequest request) {
    Iterator<SweepResponse> messages = server.stub().sweep(request);
    SweepStarted started = messages.next().getStarted();
    TensorAssembler assembler = new TensorAssembler(64 << 20);
    List<SweepLogits> runs = new ArrayList<>();
    List<TensorView> logits = new ArrayList<>();
    SweepResponse message = messages.next();
    while (!message.hasEnded()) {
      if (message.hasLogits()) {
        runs.add(message.getLogits());
        assembler.open(message.getLogits().getHeader());
      } else {
        assembler.add(message.getChunk()).map(TensorView::copy).ifPresent(logits::add);
      }
      message = messages.next();
    }
    assembler.finish();
    if (messages.hasNext()) {
      throw new AssertionError("there is something behind the end");
    }
    return new Swept(started, runs, logits, message.getEnded());
  }

  /** Logits of the source run, [batch, vocab]. */
  TensorView source() {
    return of(SweepRun.SWEEP_RUN_SOURCE, 0);
  }

  /** Logits of the target run, [batch, vocab]. */
  TensorView target() {
    return of(SweepRun.SWEEP_RUN_TARGET, 0);
  }

  /** Logits of a variant, [batch, vocab]. */
  TensorView variant(int variant) {
    return of(SweepRun.SWEEP_RUN_VARIANT, variant);
  }

  /** The logits of captured prompts, one behind the other as a sweep gives them. */
  static float[] captured(Captured captured, int prompts) {
    List<FloatBuffer> rows = new ArrayList<>();
    for (int prompt = 0; prompt < prompts; prompt++) {
      rows.add(CapturedTensors.of(captured, "logits", -1, prompt));
    }
    FloatBuffer all = FloatBuffer.allocate(prompts * rows.getFirst().remaining());
    rows.forEach(all::put);
    return all.array();
  }

  /** The numbers of a tensor. */
  static float[] floats(TensorView tensor) {
    float[] values = new float[tensor.floats().remaining()];
    tensor.floats().get(values);
    return values;
  }

  private TensorView of(SweepRun run, int variant) {
    for (int index = 0; index < runs.size(); index++) {
      if (runs.get(index).getRun() == run && runs.get(index).getVariant() == variant) {
        return logits.get(index);
      }
    }
    throw new AssertionError("there is no " + run + " " + variant);
  }
}

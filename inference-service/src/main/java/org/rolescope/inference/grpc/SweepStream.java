package org.rolescope.inference.grpc;

import org.rolescope.inference.forward.PassLimits;
import org.rolescope.inference.forward.SweepPass;
import org.rolescope.inference.forward.SweepReport;
import org.rolescope.inference.forward.SweepSink;
import org.rolescope.rpc.PacedObserver;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.TensorFrames;
import org.rolescope.v1.SweepEnded;
import org.rolescope.v1.SweepLogits;
import org.rolescope.v1.SweepResponse;
import org.rolescope.v1.SweepRun;
import org.rolescope.v1.SweepStarted;

/** Sends what a sweep gives. */
final class SweepStream implements SweepSink {
  private final PacedObserver<SweepResponse> paced;
  private int nextTensorId;

  /** A stream that nothing was sent on. */
  SweepStream(PacedObserver<SweepResponse> paced) {
    this.paced = paced;
  }

  /** Runs a sweep and ends the stream, well or with its fault. */
  void run(SweepStarted started, SweepPass pass, PassLimits limits) {
    try {
      paced.send(SweepResponse.newBuilder().setStarted(started).build());
      SweepReport report = pass.run(limits, this, paced::isCancelled);
      paced.send(
          SweepResponse.newBuilder()
              .setEnded(
                  SweepEnded.newBuilder()
                      .setPromptBlocks(report.promptBlocks())
                      .setForwardPasses(report.forwardPasses())
                      .setBatches(report.batches()))
              .build());
      paced.complete();
    } catch (RuntimeException failed) {
      paced.fail(failed);
    }
  }

  @Override
  public void source(TensorView logits) {
    send(SweepRun.SWEEP_RUN_SOURCE, 0, logits);
  }

  @Override
  public void target(TensorView logits) {
    send(SweepRun.SWEEP_RUN_TARGET, 0, logits);
  }

  @Override
  public void variant(int variant, TensorView logits) {
    send(SweepRun.SWEEP_RUN_VARIANT, variant, logits);
  }

  private void send(SweepRun run, int variant, TensorView logits) {
    int tensorId = nextTensorId++;
    paced.send(
        SweepResponse.newBuilder()
            .setLogits(
                SweepLogits.newBuilder()
                    .setRun(run)
                    .setVariant(variant)
                    .setHeader(TensorFrames.header(tensorId, logits)))
            .build());
    TensorFrames.chunks(
        tensorId, logits, chunk -> paced.send(SweepResponse.newBuilder().setChunk(chunk).build()));
  }
}

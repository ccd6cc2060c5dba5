package org.rolescope.metrics.testing;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.TensorFrames;
import org.rolescope.v1.AttentionKind;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.Model;
import org.rolescope.v1.TensorHeader;
import org.rolescope.v1.TokenizedPrompt;

/** What a fake inference service sends, step by step. */
public final class CaptureScript {
  /** One step. */
  public sealed interface Step {
    /** Sends a message. */
    record Send(CaptureResponse response) implements Step {}

    /** Ends the call with a status. */
    record Fail(Status status) implements Step {}

    /** Sends nothing until the caller gives up. */
    record Hang() implements Step {}
  }

  private final List<Step> steps = new ArrayList<>();
  private int tensorId;

  /** Says that these prompts run through a causal model. */
  public CaptureScript started(int layers, int heads, List<Integer> tokenCounts) {
    return started(layers, heads, tokenCounts, AttentionKind.ATTENTION_KIND_CAUSAL);
  }

  /** Says that these prompts run through a model. */
  public CaptureScript started(
      int layers, int heads, List<Integer> tokenCounts, AttentionKind attention) {
    CaptureStarted.Builder started =
        CaptureStarted.newBuilder()
            .setModel(
                Model.newBuilder()
                    .setName("fake")
                    .setLayerCount(layers)
                    .setHeadCount(heads)
                    .setAttention(attention));
    for (int tokens : tokenCounts) {
      TokenizedPrompt.Builder prompt = TokenizedPrompt.newBuilder();
      for (int token = 0; token < tokens; token++) {
        prompt.addTokenIds(token).addTokens("t" + token);
      }
      started.addPrompts(prompt);
    }
    return send(CaptureResponse.newBuilder().setStarted(started).build());
  }

  /** Sends a tensor. */
  public CaptureScript tensor(TensorView tensor) {
    return tensor(tensor, UnaryOperator.identity());
  }

  /** Sends a tensor with a header that was tampered with. */
  public CaptureScript tensor(TensorView tensor, UnaryOperator<TensorHeader> tamper) {
    TensorHeader header = tamper.apply(TensorFrames.header(tensorId, tensor));
    send(CaptureResponse.newBuilder().setHeader(header).build());
    TensorFrames.chunks(
        tensorId, tensor, chunk -> send(CaptureResponse.newBuilder().setChunk(chunk).build()));
    tensorId++;
    return this;
  }

  /** Sends a message. */
  public CaptureScript send(CaptureResponse response) {
    steps.add(new Step.Send(response));
    return this;
  }

  /** Takes back the last step. */
  public CaptureScript withoutLast() {
    steps.removeLast();
    return this;
  }

  /** Ends the call with a status. */
  public CaptureScript fail(Status status) {
    steps.add(new Step.Fail(status));
    return this;
  }

  /** Sends nothing until the caller gives up. */
  public CaptureScript hang() {
    steps.add(new Step.Hang());
    return this;
  }

  /** The steps so far. */
  List<Step> steps() {
    return List.copyOf(steps);
  }
}

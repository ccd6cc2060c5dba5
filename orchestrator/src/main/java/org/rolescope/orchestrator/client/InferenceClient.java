package org.rolescope.orchestrator.client;

import io.grpc.Channel;
import io.grpc.StatusException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.rolescope.orchestrator.plan.PromptOptions;
import org.rolescope.rpc.Address;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.CaptureDecoder;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.GetModelRequest;
import org.rolescope.v1.InferenceServiceGrpc;
import org.rolescope.v1.InferenceServiceGrpc.InferenceServiceBlockingV2Stub;
import org.rolescope.v1.LayerRange;
import org.rolescope.v1.ListModelsRequest;
import org.rolescope.v1.Model;
import org.rolescope.v1.SweepEnded;
import org.rolescope.v1.SweepRequest;
import org.rolescope.v1.SweepResponse;
import org.rolescope.v1.SweepRun;
import org.rolescope.v1.SweepStarted;
import org.rolescope.v1.Tap;
import org.rolescope.v1.TokenizedPrompt;

/** The inference service. Thread-safe. */
public final class InferenceClient {
  private static final long ANSWER_SECONDS = 60;
  private static final long READY_SECONDS = 5;
  private static final long MAX_TENSOR_BYTES = 1L << 30;

  private final Service service;
  private final InferenceServiceBlockingV2Stub stub;

  /**
   * Uses a channel, which stays the caller's.
   *
   * @param address where it leads, for sentences
   */
  public InferenceClient(Channel channel, Address address) {
    service = new Service("inference service", address);
    stub = InferenceServiceGrpc.newBlockingV2Stub(channel);
  }

  /**
   * Describes a model.
   *
   * @throws org.rolescope.fault.RolescopeException NOT_FOUND where there is none of that name,
   *     UNAVAILABLE where the service cannot be reached
   */
  public Model model(String name) {
    try {
      return stub.withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
          .getModel(GetModelRequest.newBuilder().setName(name).build())
          .getModel();
    } catch (StatusException failed) {
      throw service.fault(failed.getStatus());
    }
  }

  /**
   * Has prompts tokenised by a model's own tokenizer, and gives up before anything is measured.
   *
   * @param model name of the model
   * @param options how they become tokens
   * @return one a prompt, in order
   * @throws org.rolescope.fault.RolescopeException NOT_FOUND where there is no such model,
   *     INVALID_ARGUMENT where it cannot take a prompt or the options, UNAVAILABLE where the
   *     service cannot be reached
   */
  public List<TokenizedPrompt> tokenize(String model, List<String> prompts, PromptOptions options) {
    CaptureRequest request =
        CaptureRequest.newBuilder()
            .setModel(model)
            .addAllPrompts(prompts)
            .addTaps(Tap.TAP_PATTERN)
            .setLayers(LayerRange.newBuilder().setFirst(0).setLast(0))
            .setPromptOptions(PromptOptionsMessage.of(options))
            .build();
    try (ServiceCall<?, CaptureResponse> call = new ServiceCall<>(service, stub.capture(request))) {
      List<TokenizedPrompt> tokenized = call.readOne().getStarted().getPromptsList();
      if (tokenized.size() != prompts.size()) {
        throw service.broken(
            "its answer began with %d tokenised prompts instead of %d"
                .formatted(tokenized.size(), prompts.size()));
      }
      return tokenized;
    }
  }

  /**
   * The start of a capture, which is then given up.
   *
   * @throws org.rolescope.fault.RolescopeException as {@link #capture}
   */
  public CaptureStarted start(CaptureRequest request) {
    try (ServiceCall<?, CaptureResponse> call = new ServiceCall<>(service, stub.capture(request))) {
      return call.readOne().getStarted();
    }
  }

  /** Whether the service can be reached and answers. */
  public boolean answers() {
    try {
      stub.withDeadlineAfter(READY_SECONDS, TimeUnit.SECONDS)
          .listModels(ListModelsRequest.getDefaultInstance());
      return true;
    } catch (StatusException failed) {
      return false;
    }
  }

  /**
   * Captures attention patterns layer by layer, with one tensor in memory at a time. Returns when
   * the stream has ended well.
   *
   * @throws org.rolescope.fault.RolescopeException what the service ended with, DATA_LOSS where its
   *     stream is damaged, CANCELLED where the thread is interrupted; what the sink throws
   */
  public void capturePatterns(PromptRun run, CaptureDecoder.Sink sink) {
    capture(request(run), sink);
  }

  /**
   * Captures what a request asks for, with one tensor in memory at a time. Returns when the stream
   * has ended well.
   *
   * @throws org.rolescope.fault.RolescopeException as {@link #capturePatterns}
   */
  public void capture(CaptureRequest request, CaptureDecoder.Sink sink) {
    CaptureDecoder decoder = new CaptureDecoder(MAX_TENSOR_BYTES, sink);
    try (ServiceCall<?, CaptureResponse> call = new ServiceCall<>(service, stub.capture(request))) {
      Optional<CaptureResponse> next = call.read();
      while (next.isPresent()) {
        decoder.accept(next.get());
        next = call.read();
      }
      decoder.finish();
    }
  }

  /** Takes the runs of a sweep. */
  public interface SweepSink {
    /** The prompts are tokenised. Called once, first. */
    void started(SweepStarted started);

    /**
     * The logits of a run have come: of the source, where there is one, then of the target, then of
     * each variant in the order of the request. The next message is read when this returns.
     *
     * @param run which run
     * @param variant place of the variant in the request; 0 for the other runs
     * @param logits [batch, vocab], a row a prompt in the order of the request; good until this
     *     returns
     */
    void logits(SweepRun run, int variant, TensorView logits);
  }

  /**
   * Runs prompts under each of many variants of a model, with the logits of one in memory at a
   * time. Returns when the stream has ended well and every variant has come.
   *
   * @return what it cost
   * @throws org.rolescope.fault.RolescopeException as {@link #capturePatterns}
   */
  public SweepEnded sweep(SweepRequest request, SweepSink sink) {
    SweepDecoder decoder = new SweepDecoder(service, request, MAX_TENSOR_BYTES, sink);
    try (ServiceCall<?, SweepResponse> call = new ServiceCall<>(service, stub.sweep(request))) {
      Optional<SweepResponse> next = call.read();
      while (next.isPresent()) {
        decoder.accept(next.get());
        next = call.read();
      }
      return decoder.finish();
    }
  }

  private static CaptureRequest request(PromptRun run) {
    return CaptureRequest.newBuilder()
        .setModel(run.model().getName())
        .addAllPrompts(run.prompts())
        .addTaps(Tap.TAP_PATTERN)
        .setLayers(run.layers())
        .setMaxBatchPrompts(run.maxBatchPrompts())
        .setPromptOptions(PromptOptionsMessage.of(run.options()))
        .build();
  }
}

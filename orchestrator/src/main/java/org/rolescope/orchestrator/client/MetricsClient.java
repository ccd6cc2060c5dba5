package org.rolescope.orchestrator.client;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.rolescope.rpc.Address;
import org.rolescope.v1.CandidateOptions;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.CompareLogitsRequest;
import org.rolescope.v1.CompareModelsRequest;
import org.rolescope.v1.CompareModelsResponse;
import org.rolescope.v1.CorrelateSeriesRequest;
import org.rolescope.v1.CorrelateSeriesResponse;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.LayerPair;
import org.rolescope.v1.LayerRange;
import org.rolescope.v1.LayerSeries;
import org.rolescope.v1.LogitComparison;
import org.rolescope.v1.MeasureEntropiesRequest;
import org.rolescope.v1.MeasureEntropiesResponse;
import org.rolescope.v1.MetricsServiceGrpc;
import org.rolescope.v1.MetricsServiceGrpc.MetricsServiceBlockingV2Stub;
import org.rolescope.v1.Model;
import org.rolescope.v1.RankCandidatesRequest;
import org.rolescope.v1.RankCandidatesResponse;
import org.rolescope.v1.RoleOptions;
import org.rolescope.v1.RunPair;
import org.rolescope.v1.ScoreInterventionRequest;
import org.rolescope.v1.ScoreInterventionResponse;
import org.rolescope.v1.ScorePatchingRequest;
import org.rolescope.v1.ScorePatchingResponse;
import org.rolescope.v1.SummarizeRolesRequest;
import org.rolescope.v1.SummarizeRolesResponse;
import org.rolescope.v1.Tap;

/** The metrics service. Thread-safe. */
public final class MetricsClient {
  // A comparison grows with layers times heads: 80 layers of 64 heads take about 2 MiB.
  private static final int MAX_MESSAGE_BYTES = 64 << 20;

  private static final long READY_SECONDS = 5;

  private final Service service;
  private final MetricsServiceBlockingV2Stub stub;

  /**
   * Uses a channel, which stays the caller's.
   *
   * @param address where it leads, for sentences
   */
  public MetricsClient(Channel channel, Address address) {
    service = new Service("metrics service", address);
    stub =
        MetricsServiceGrpc.newBlockingV2Stub(channel).withMaxInboundMessageSize(MAX_MESSAGE_BYTES);
  }

  /** Takes what a measurement sends. */
  public interface EntropySink {
    /** The prompts are tokenised. Called once, first. */
    void started(CaptureStarted started);

    /** A layer is finished; layers come in order, and the next is read when this returns. */
    void layer(LayerEntropies layer);
  }

  /**
   * Has the prompts tokenised and checked, and gives up before anything is measured. Shows also
   * that both services can be reached.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where the model cannot take a
   *     prompt, UNAVAILABLE where a service cannot be reached
   */
  public CaptureStarted tokenize(PromptRun run) {
    LayerRange first = LayerRange.newBuilder().setFirst(0).setLast(0).build();
    try (ServiceCall<?, MeasureEntropiesResponse> call = measure(run, first)) {
      return started(call.readOne(), run);
    }
  }

  /**
   * Measures entropies layer by layer, norm-weighted ones too where the model offers value norms.
   * Returns when the stream has ended well and every layer from the first wanted to the last has
   * come.
   *
   * @throws org.rolescope.fault.RolescopeException what the service ended with, DATA_LOSS where its
   *     answers disagree with each other, CANCELLED where the thread is interrupted; what the sink
   *     throws
   */
  public void measureEntropies(PromptRun run, EntropySink sink) {
    try (ServiceCall<?, MeasureEntropiesResponse> call = measure(run, run.layers())) {
      CaptureStarted started = started(call.readOne(), run);
      EntropyShape shape = new EntropyShape(service, run.model(), started);
      sink.started(started);
      for (int layer = run.firstLayer(); layer < run.model().getLayerCount(); layer++) {
        sink.layer(shape.check(layer, call.readOne().getLayer()));
      }
      if (call.read().isPresent()) {
        throw service.broken("it sent more layers than it was asked for");
      }
    }
  }

  /**
   * Measures what a request asks for, layer by layer. Returns when the stream has ended well and
   * every layer asked for has come.
   *
   * @param model the model, as the inference service describes it
   * @param request with its layers set
   * @throws org.rolescope.fault.RolescopeException as {@link #measureEntropies(PromptRun,
   *     EntropySink)}
   */
  public void measureEntropies(Model model, MeasureEntropiesRequest request, EntropySink sink) {
    try (ServiceCall<?, MeasureEntropiesResponse> call =
        new ServiceCall<>(service, stub.measureEntropies(request))) {
      CaptureStarted started = call.readOne().getStarted();
      EntropyShape shape = new EntropyShape(service, model, started);
      sink.started(started);
      LayerRange layers = request.getLayers();
      for (int layer = layers.getFirst(); layer <= layers.getLast(); layer++) {
        sink.layer(shape.check(layer, call.readOne().getLayer()));
      }
      if (call.read().isPresent()) {
        throw service.broken("it sent more layers than it was asked for");
      }
    }
  }

  /**
   * Whether the service can be reached and answers. It is asked to correlate nothing, which it
   * refuses: nothing smaller can be asked of it.
   */
  public boolean answers() {
    try {
      stub.withDeadlineAfter(READY_SECONDS, TimeUnit.SECONDS)
          .correlateSeries(CorrelateSeriesRequest.getDefaultInstance());
      return true;
    } catch (StatusException refused) {
      return refused.getStatus().getCode() == Status.Code.INVALID_ARGUMENT;
    }
  }

  /**
   * Computes roles of one model.
   *
   * @param options with the category of each prompt
   * @param layers every layer, in order; read as they are sent
   */
  public SummarizeRolesResponse summarizeRoles(
      RoleOptions options, Iterator<LayerEntropies> layers) {
    return upload(
        stub.summarizeRoles(),
        SummarizeRolesRequest.newBuilder().setOptions(options).build(),
        layers,
        layer -> SummarizeRolesRequest.newBuilder().setLayer(layer).build());
  }

  /**
   * Compares two models.
   *
   * @param options with the category of each prompt
   * @param layers every layer of both, in order; read as they are sent
   */
  public CompareModelsResponse compareModels(RoleOptions options, Iterator<LayerPair> layers) {
    return upload(
        stub.compareModels(),
        CompareModelsRequest.newBuilder().setOptions(options).build(),
        layers,
        layer -> CompareModelsRequest.newBuilder().setLayer(layer).build());
  }

  /**
   * Ranks the heads of two models.
   *
   * @param options with the category of each prompt
   * @param layers every layer of both, in order; read as they are sent
   */
  public RankCandidatesResponse rankCandidates(
      CandidateOptions options, Iterator<LayerPair> layers) {
    return upload(
        stub.rankCandidates(),
        RankCandidatesRequest.newBuilder().setOptions(options).build(),
        layers,
        layer -> RankCandidatesRequest.newBuilder().setLayer(layer).build());
  }

  /**
   * Measures what an intervention does to entropies and role indices.
   *
   * @param options with the category of each prompt
   * @param layers the same layers of both runs, in order; read as they are sent
   */
  public ScoreInterventionResponse scoreIntervention(
      RoleOptions options, Iterator<RunPair> layers) {
    return upload(
        stub.scoreIntervention(),
        ScoreInterventionRequest.newBuilder().setOptions(options).build(),
        layers,
        layer -> ScoreInterventionRequest.newBuilder().setLayer(layer).build());
  }

  /**
   * Compares the next-token distributions of two runs.
   *
   * @param prompts the logits of each prompt in both, at least one; read as they are sent
   * @return one a prompt, in the order sent
   */
  public List<LogitComparison> compareLogits(Iterator<CompareLogitsRequest> prompts) {
    return upload(stub.compareLogits(), prompts).getComparisonsList();
  }

  /**
   * Scores patches.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where they cannot be scored,
   *     UNAVAILABLE where the service cannot be reached
   */
  public ScorePatchingResponse scorePatching(ScorePatchingRequest request) {
    try {
      return stub.scorePatching(request);
    } catch (StatusException failed) {
      throw service.fault(failed.getStatus());
    }
  }

  /**
   * Describes series of one number a layer, and correlates every two.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where a series cannot be used,
   *     UNAVAILABLE where the service cannot be reached
   */
  public CorrelateSeriesResponse correlateSeries(List<LayerSeries> series) {
    try {
      return stub.correlateSeries(CorrelateSeriesRequest.newBuilder().addAllSeries(series).build());
    } catch (StatusException failed) {
      throw service.fault(failed.getStatus());
    }
  }

  private <Q, R, L> R upload(
      BlockingClientCall<Q, R> opened, Q options, Iterator<L> layers, Function<L, Q> message) {
    Stream<L> ordered =
        StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(layers, Spliterator.ORDERED), false);
    return upload(opened, Stream.concat(Stream.of(options), ordered.map(message)).iterator());
  }

  private <Q, R> R upload(BlockingClientCall<Q, R> opened, Iterator<Q> messages) {
    try (ServiceCall<Q, R> call = new ServiceCall<>(service, opened)) {
      while (messages.hasNext()) {
        call.write(messages.next());
      }
      call.endOfWriting();
      R answer = call.readOne();
      Optional<R> nothing = call.read();
      if (nothing.isPresent()) {
        throw service.broken("it answered twice");
      }
      return answer;
    }
  }

  private ServiceCall<?, MeasureEntropiesResponse> measure(PromptRun run, LayerRange layers) {
    return new ServiceCall<>(
        service,
        stub.measureEntropies(
            MeasureEntropiesRequest.newBuilder()
                .setModel(run.model().getName())
                .addAllPrompts(run.prompts())
                .setLayers(layers)
                .setMaxBatchPrompts(run.maxBatchPrompts())
                .setPromptOptions(PromptOptionsMessage.of(run.options()))
                .setNormWeighted(run.model().getTapsList().contains(Tap.TAP_VALUE_NORM))
                .build()));
  }

  private CaptureStarted started(MeasureEntropiesResponse first, PromptRun run) {
    CaptureStarted started = first.getStarted();
    if (started.getPromptsCount() != run.prompts().size()) {
      throw service.broken(
          "its answer began with %d tokenised prompts instead of %d"
              .formatted(started.getPromptsCount(), run.prompts().size()));
    }
    // A service from before there were options does not say which it used: it had the default.
    if (!PromptOptionsMessage.read(started.getPromptOptions()).equals(run.options())) {
      throw service.broken("its prompts did not become tokens as they should have");
    }
    return started;
  }
}

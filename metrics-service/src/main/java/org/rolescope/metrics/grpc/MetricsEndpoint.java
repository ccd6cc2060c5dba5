package org.rolescope.metrics.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;
import org.rolescope.metrics.client.EntropySink;
import org.rolescope.metrics.client.InferenceClient;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.rpc.PacedObserver;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.CompareLogitsRequest;
import org.rolescope.v1.CompareLogitsResponse;
import org.rolescope.v1.CompareModelsRequest;
import org.rolescope.v1.CompareModelsResponse;
import org.rolescope.v1.CorrelateSeriesRequest;
import org.rolescope.v1.CorrelateSeriesResponse;
import org.rolescope.v1.MeasureEntropiesRequest;
import org.rolescope.v1.MeasureEntropiesResponse;
import org.rolescope.v1.MetricsServiceGrpc.MetricsServiceImplBase;
import org.rolescope.v1.PushActivationsRequest;
import org.rolescope.v1.PushActivationsResponse;
import org.rolescope.v1.RankCandidatesRequest;
import org.rolescope.v1.RankCandidatesResponse;
import org.rolescope.v1.ScoreInterventionRequest;
import org.rolescope.v1.ScoreInterventionResponse;
import org.rolescope.v1.ScorePatchingRequest;
import org.rolescope.v1.ScorePatchingResponse;
import org.rolescope.v1.SummarizeRolesRequest;
import org.rolescope.v1.SummarizeRolesResponse;
import org.rolescope.v1.Tap;

/**
 * {@code rolescope.v1.MetricsService}. What it throws becomes a status in {@link
 * org.rolescope.rpc.FaultInterceptor}, which the server must have.
 */
public final class MetricsEndpoint extends MetricsServiceImplBase {
  private final InferenceClient client;
  private final Executor executor;

  /**
   * Creates the service.
   *
   * @param client measures what the inference service streams
   * @param executor runs measurements; each blocks its thread until it is done
   */
  public MetricsEndpoint(InferenceClient client, Executor executor) {
    this.client = requireNonNull(client, "client is null");
    this.executor = requireNonNull(executor, "executor is null");
  }

  @Override
  public void measureEntropies(
      MeasureEntropiesRequest request, StreamObserver<MeasureEntropiesResponse> observer) {
    PacedObserver<MeasureEntropiesResponse> responses = new PacedObserver<>(observer);
    // The context of this call carries the caller's deadline and cancellation to the one behind.
    executor.execute(Context.current().wrap(() -> measure(request, responses)));
  }

  @Override
  public StreamObserver<PushActivationsRequest> pushActivations(
      StreamObserver<PushActivationsResponse> observer) {
    return new PushActivationsObserver(observer, client.maxTensorBytes());
  }

  @Override
  public StreamObserver<SummarizeRolesRequest> summarizeRoles(
      StreamObserver<SummarizeRolesResponse> observer) {
    return new SummarizeRolesObserver(observer);
  }

  @Override
  public StreamObserver<CompareModelsRequest> compareModels(
      StreamObserver<CompareModelsResponse> observer) {
    return new CompareModelsObserver(observer);
  }

  @Override
  public StreamObserver<RankCandidatesRequest> rankCandidates(
      StreamObserver<RankCandidatesResponse> observer) {
    return new RankCandidatesObserver(observer);
  }

  @Override
  public void correlateSeries(
      CorrelateSeriesRequest request, StreamObserver<CorrelateSeriesResponse> observer) {
    observer.onNext(CorrelationMessages.answer(request));
    observer.onCompleted();
  }

  @Override
  public StreamObserver<CompareLogitsRequest> compareLogits(
      StreamObserver<CompareLogitsResponse> observer) {
    return new CompareLogitsObserver(observer);
  }

  @Override
  public StreamObserver<ScoreInterventionRequest> scoreIntervention(
      StreamObserver<ScoreInterventionResponse> observer) {
    return new ScoreInterventionObserver(observer);
  }

  @Override
  public void scorePatching(
      ScorePatchingRequest request, StreamObserver<ScorePatchingResponse> observer) {
    observer.onNext(PatchingMessages.answer(request));
    observer.onCompleted();
  }

  private void measure(
      MeasureEntropiesRequest request, PacedObserver<MeasureEntropiesResponse> responses) {
    try {
      client.measure(captureRequest(request), new Responses(responses));
      responses.complete();
    } catch (RuntimeException | Error thrown) {
      responses.fail(thrown);
    }
  }

  private static CaptureRequest captureRequest(MeasureEntropiesRequest request) {
    CaptureRequest.Builder capture =
        CaptureRequest.newBuilder()
            .setModel(request.getModel())
            .addAllPrompts(request.getPromptsList())
            .addTaps(Tap.TAP_PATTERN)
            .setMaxBatchPrompts(request.getMaxBatchPrompts())
            .addAllInterventions(request.getInterventionsList());
    if (request.getNormWeighted()) {
      capture.addTaps(Tap.TAP_VALUE_NORM);
    }
    if (request.hasLayers()) {
      capture.setLayers(request.getLayers());
    }
    if (request.hasPromptOptions()) {
      capture.setPromptOptions(request.getPromptOptions());
    }
    return capture.build();
  }

  private record Responses(PacedObserver<MeasureEntropiesResponse> observer)
      implements EntropySink {
    @Override
    public void started(CaptureStarted started) {
      observer.send(MeasureEntropiesResponse.newBuilder().setStarted(started).build());
    }

    @Override
    public void layer(LayerEntropies layer) {
      observer.send(
          MeasureEntropiesResponse.newBuilder().setLayer(EntropyMessages.message(layer)).build());
    }
  }
}

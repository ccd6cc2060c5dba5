package org.rolescope.orchestrator.testing;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.rolescope.rpc.PacedObserver;
import org.rolescope.v1.CandidateOptions;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.CompareLogitsRequest;
import org.rolescope.v1.CompareLogitsResponse;
import org.rolescope.v1.CompareModelsRequest;
import org.rolescope.v1.CompareModelsResponse;
import org.rolescope.v1.CorrelateSeriesRequest;
import org.rolescope.v1.CorrelateSeriesResponse;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.EntropyTable;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.LayerPair;
import org.rolescope.v1.LayerRange;
import org.rolescope.v1.MeasureEntropiesRequest;
import org.rolescope.v1.MeasureEntropiesResponse;
import org.rolescope.v1.MetricsServiceGrpc;
import org.rolescope.v1.RankCandidatesRequest;
import org.rolescope.v1.RankCandidatesResponse;
import org.rolescope.v1.RoleOptions;
import org.rolescope.v1.ScorePatchingRequest;
import org.rolescope.v1.ScorePatchingResponse;
import org.rolescope.v1.SummarizeRolesRequest;
import org.rolescope.v1.SummarizeRolesResponse;

/** Measures fake models in plain loops. Roles and contrasts are made up from the entropies. */
public final class FakeMetrics extends MetricsServiceGrpc.MetricsServiceImplBase {
  private final FakeModels models;
  private final Trouble trouble;
  private final List<MeasureEntropiesRequest> requests = new CopyOnWriteArrayList<>();

  FakeMetrics(FakeModels models, Trouble trouble) {
    this.models = models;
    this.trouble = trouble;
  }

  /** Every measurement asked for, without those that only look whether the prompts will do. */
  public List<MeasureEntropiesRequest> requests() {
    return requests;
  }

  @Override
  public void measureEntropies(
      MeasureEntropiesRequest request, StreamObserver<MeasureEntropiesResponse> observer) {
    PacedObserver<MeasureEntropiesResponse> paced = new PacedObserver<>(observer);
    Thread.ofVirtual().start(() -> measure(request, paced));
  }

  private void measure(
      MeasureEntropiesRequest request, PacedObserver<MeasureEntropiesResponse> observer) {
    try {
      CaptureStarted started =
          models.start(request.getModel(), request.getPromptsList(), request.getPromptOptions());
      LayerRange layers = request.getLayers();
      boolean onlyLooking = layers.getFirst() == 0 && layers.getLast() == 0;
      if (!onlyLooking) {
        requests.add(request);
      }
      observer.send(MeasureEntropiesResponse.newBuilder().setStarted(started).build());
      for (int layer = layers.getFirst(); layer <= layers.getLast() && !onlyLooking; layer++) {
        trouble.beforeMessage();
        LayerEntropies entropies = entropies(models.get(request.getModel()), layer, started);
        observer.send(MeasureEntropiesResponse.newBuilder().setLayer(entropies).build());
      }
      observer.complete();
    } catch (RuntimeException failed) {
      observer.fail(failed);
    }
  }

  private static LayerEntropies entropies(FakeModel model, int layer, CaptureStarted started) {
    EntropyTable.Builder exact = EntropyTable.newBuilder().setKind(EntropyKind.ENTROPY_KIND_EXACT);
    EntropyTable.Builder reference =
        EntropyTable.newBuilder().setKind(EntropyKind.ENTROPY_KIND_REFERENCE);
    LayerEntropies.Builder entropies =
        LayerEntropies.newBuilder().setLayer(layer).setHeadCount(model.headCount());
    List<float[][][]> patterns = new ArrayList<>();
    started
        .getPromptsList()
        .forEach(
            prompt -> {
              patterns.add(model.pattern(layer, prompt.getTokenIdsList()));
              entropies.addQueryCounts(prompt.getTokenIdsCount());
            });
    for (int head = 0; head < model.headCount(); head++) {
      for (float[][][] pattern : patterns) {
        exact.addNats(FakeModel.entropyNats(pattern[head]));
        reference.addNats((float) FakeModel.entropyNats(pattern[head]));
      }
    }
    return entropies.addTables(reference).addTables(exact).build();
  }

  /** Nobody here has series; it refuses, as the service does where there are none. */
  @Override
  public void correlateSeries(
      CorrelateSeriesRequest request, StreamObserver<CorrelateSeriesResponse> observer) {
    observer.onError(Status.INVALID_ARGUMENT.asRuntimeException());
  }

  @Override
  public StreamObserver<SummarizeRolesRequest> summarizeRoles(
      StreamObserver<SummarizeRolesResponse> observer) {
    return new Collector<
        SummarizeRolesRequest, RoleOptions, LayerEntropies, SummarizeRolesResponse>(
        observer, SummarizeRolesRequest::getOptions, SummarizeRolesRequest::getLayer) {
      @Override
      SummarizeRolesResponse answer(RoleOptions options, List<LayerEntropies> layers) {
        return SummarizeRolesResponse.newBuilder()
            .setOptions(options)
            .addAllLayers(layers.stream().map(FakeRoles::roles).toList())
            .build();
      }
    };
  }

  @Override
  public StreamObserver<CompareModelsRequest> compareModels(
      StreamObserver<CompareModelsResponse> observer) {
    return new Collector<CompareModelsRequest, RoleOptions, LayerPair, CompareModelsResponse>(
        observer, CompareModelsRequest::getOptions, CompareModelsRequest::getLayer) {
      @Override
      CompareModelsResponse answer(RoleOptions options, List<LayerPair> layers) {
        return CompareModelsResponse.newBuilder()
            .setOptions(options)
            .addAllLayers(layers.stream().map(FakeRoles::contrast).toList())
            .setVerdict("made up")
            .build();
      }
    };
  }

  @Override
  public StreamObserver<RankCandidatesRequest> rankCandidates(
      StreamObserver<RankCandidatesResponse> observer) {
    return new Collector<
        RankCandidatesRequest, CandidateOptions, LayerPair, RankCandidatesResponse>(
        observer, RankCandidatesRequest::getOptions, RankCandidatesRequest::getLayer) {
      @Override
      RankCandidatesResponse answer(CandidateOptions options, List<LayerPair> layers) {
        return FakeRoles.ranking(options, layers);
      }
    };
  }

  /** Answers of two logits, and divergences, in plain loops. */
  @Override
  public StreamObserver<CompareLogitsRequest> compareLogits(
      StreamObserver<CompareLogitsResponse> observer) {
    return new StreamObserver<>() {
      private final CompareLogitsResponse.Builder response = CompareLogitsResponse.newBuilder();

      @Override
      public void onNext(CompareLogitsRequest message) {
        response.addComparisons(FakePatching.compare(message));
      }

      @Override
      public void onError(Throwable failed) {
        // The caller gave up; there is nobody to tell.
      }

      @Override
      public void onCompleted() {
        observer.onNext(response.build());
        observer.onCompleted();
      }
    };
  }

  /** Recoveries without intervals. */
  @Override
  public void scorePatching(
      ScorePatchingRequest request, StreamObserver<ScorePatchingResponse> observer) {
    trouble.beforeMessage();
    observer.onNext(FakePatching.score(request));
    observer.onCompleted();
  }
}

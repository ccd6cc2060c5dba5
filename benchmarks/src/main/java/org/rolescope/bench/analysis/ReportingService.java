package org.rolescope.bench.analysis;

import io.grpc.stub.StreamObserver;
import io.micronaut.context.ApplicationContext;
import io.micronaut.inject.qualifiers.Qualifiers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import org.rolescope.inference.catalog.CatalogModel;
import org.rolescope.inference.catalog.ModelCatalog;
import org.rolescope.inference.config.InferenceConfiguration;
import org.rolescope.inference.forward.CaptureSelection;
import org.rolescope.inference.forward.ForwardPass;
import org.rolescope.inference.forward.PassLimits;
import org.rolescope.inference.forward.PassReport;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.inference.tokenizer.TokenizerCache;
import org.rolescope.rpc.PacedObserver;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.TensorFrames;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.InferenceServiceGrpc.InferenceServiceImplBase;
import org.rolescope.v1.Model;
import org.rolescope.v1.Tap;

/**
 * The inference service with its own beans and its own threads, except for the endpoint: this one
 * captures the tensors of all layers and keeps the report of the pass, which the contract does not
 * carry.
 */
final class ReportingService extends InferenceServiceImplBase {
  private static final String PASSES = "inference-passes";
  private static final Map<Tap, String> NAMES =
      Map.of(
          Tap.TAP_PATTERN, "pattern",
          Tap.TAP_VALUE_NORM, CaptureSelection.VALUE_NORM,
          Tap.TAP_LOGITS, CaptureSelection.LOGITS);

  private final ModelCatalog catalog;
  private final TokenizerCache tokenizers;
  private final ModelResidency residency;
  private final PassLimits limits;
  private final ExecutorService passes;
  private volatile PassReport report;

  ReportingService(ApplicationContext context) {
    catalog = context.getBean(ModelCatalog.class);
    tokenizers = context.getBean(TokenizerCache.class);
    residency = context.getBean(ModelResidency.class);
    InferenceConfiguration configuration = context.getBean(InferenceConfiguration.class);
    limits =
        new PassLimits(
            configuration.maxBatchPrompts(),
            configuration.maxBatchTokens(),
            configuration.maxTensorBytes());
    passes = context.getBean(ExecutorService.class, Qualifiers.byName(PASSES));
  }

  /** What the last pass cost; null before the first. */
  PassReport report() {
    return report;
  }

  @Override
  public void capture(CaptureRequest request, StreamObserver<CaptureResponse> observer) {
    CatalogModel model = catalog.model(request.getModel());
    List<TokenizedPrompt> prompts =
        tokenizers.tokenize(model.bundle(), model.manifest(), request.getPromptsList());
    PacedObserver<CaptureResponse> paced = new PacedObserver<>(observer);
    Set<String> taps =
        request.getTapsList().stream().map(NAMES::get).collect(Collectors.toUnmodifiableSet());
    passes.execute(() -> stream(model, prompts, taps, paced));
  }

  private void stream(
      CatalogModel model,
      List<TokenizedPrompt> prompts,
      Set<String> taps,
      PacedObserver<CaptureResponse> paced) {
    try {
      paced.send(CaptureResponse.newBuilder().setStarted(started(model, prompts)).build());
      int lastLayer = model.manifest().dimensions().layerCount() - 1;
      report =
          new ForwardPass(residency, model.bundle(), model.manifest())
              .run(
                  prompts,
                  new CaptureSelection(taps, 0, lastLayer),
                  limits,
                  tensor -> send(tensor, paced),
                  paced::isCancelled);
      paced.complete();
    } catch (RuntimeException failed) {
      paced.fail(failed);
    }
  }

  private static void send(TensorView tensor, PacedObserver<CaptureResponse> paced) {
    paced.send(CaptureResponse.newBuilder().setHeader(TensorFrames.header(0, tensor)).build());
    TensorFrames.chunks(
        0, tensor, chunk -> paced.send(CaptureResponse.newBuilder().setChunk(chunk).build()));
  }

  private static CaptureStarted started(CatalogModel model, List<TokenizedPrompt> prompts) {
    CaptureStarted.Builder started =
        CaptureStarted.newBuilder()
            .setModel(
                Model.newBuilder()
                    .setName(model.name())
                    .setHeadCount(model.manifest().dimensions().headCount()));
    prompts.forEach(prompt -> started.addPromptsBuilder().addAllTokenIds(prompt.tokenIds()));
    return started.build();
  }
}

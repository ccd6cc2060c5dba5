package org.rolescope.inference.grpc;

import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.catalog.CatalogModel;
import org.rolescope.inference.catalog.ModelCatalog;
import org.rolescope.inference.forward.CaptureSelection;
import org.rolescope.inference.forward.ForwardPass;
import org.rolescope.inference.forward.PassLimits;
import org.rolescope.inference.intervene.InterventionLimits;
import org.rolescope.inference.intervene.Interventions;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.inference.tokenizer.PromptOptions;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.inference.tokenizer.TokenizerCache;
import org.rolescope.rpc.PacedObserver;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.TensorFrames;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.GenerateRequest;
import org.rolescope.v1.GenerateResponse;
import org.rolescope.v1.GetModelRequest;
import org.rolescope.v1.GetModelResponse;
import org.rolescope.v1.InferenceServiceGrpc;
import org.rolescope.v1.ListModelsRequest;
import org.rolescope.v1.ListModelsResponse;
import org.rolescope.v1.SweepRequest;
import org.rolescope.v1.SweepResponse;

/** {@code rolescope.v1.InferenceService}; its contract is in {@code inference.proto}. */
public final class InferenceEndpoint extends InferenceServiceGrpc.InferenceServiceImplBase {
  private final ModelCatalog catalog;
  private final TokenizerCache tokenizers;
  private final ModelResidency residency;
  private final PassLimits limits;
  private final InterventionLimits interventionLimits;
  private final int maxPromptsPerRequest;
  private final ExecutorService passes;
  private final SweepEndpoint sweeps;

  /**
   * Creates the endpoint.
   *
   * @param catalog the models
   * @param tokenizers their tokenizers; stay the caller's
   * @param residency keeps them loaded; stays the caller's
   * @param limits largest batch and tensor a request may ask for
   * @param interventionLimits most interventions a request may ask for
   * @param maxPromptsPerRequest most prompts in a request
   * @param passes runs the forward passes; its size bounds how many run at once
   */
  public InferenceEndpoint(
      ModelCatalog catalog,
      TokenizerCache tokenizers,
      ModelResidency residency,
      PassLimits limits,
      InterventionLimits interventionLimits,
      int maxPromptsPerRequest,
      ExecutorService passes) {
    this.catalog = catalog;
    this.tokenizers = tokenizers;
    this.residency = residency;
    this.limits = limits;
    this.interventionLimits = interventionLimits;
    this.maxPromptsPerRequest = maxPromptsPerRequest;
    this.passes = passes;
    this.sweeps = new SweepEndpoint(catalog, residency, this::tokenize, interventionLimits, passes);
  }

  @Override
  public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> observer) {
    ListModelsResponse.Builder response = ListModelsResponse.newBuilder();
    catalog
        .models()
        .forEach(
            model -> response.addModels(InferenceMessages.model(model, residency.execution())));
    observer.onNext(response.build());
    observer.onCompleted();
  }

  @Override
  public void getModel(GetModelRequest request, StreamObserver<GetModelResponse> observer) {
    CatalogModel model = catalog.model(request.getName());
    observer.onNext(
        GetModelResponse.newBuilder()
            .setModel(InferenceMessages.model(model, residency.execution()))
            .build());
    observer.onCompleted();
  }

  @Override
  public void capture(CaptureRequest request, StreamObserver<CaptureResponse> observer) {
    CatalogModel model = catalog.model(request.getModel());
    CaptureSelection selection = InferenceMessages.selection(request, model.manifest());
    PromptOptions options = InferenceMessages.promptOptions(request.getPromptOptions());
    List<TokenizedPrompt> prompts = tokenize(model, request.getPromptsList(), options);
    Interventions interventions =
        Interventions.of(
            InterventionMessages.interventions(request.getInterventionsList()),
            model.manifest(),
            prompts,
            interventionLimits);
    ForwardPass pass =
        new ForwardPass(residency, model.bundle(), model.manifest())
            .withInterventions(interventions);
    PassLimits passLimits = passLimits(request.getMaxBatchPrompts());
    PacedObserver<CaptureResponse> paced = new PacedObserver<>(observer);
    try {
      passes.execute(() -> stream(model, prompts, options, pass, selection, passLimits, paced));
    } catch (RejectedExecutionException full) {
      throw new RolescopeException(
          FaultCode.RESOURCE_EXHAUSTED,
          "Too many captures are waiting; try again when others have ended",
          full);
    }
  }

  @Override
  public void sweep(SweepRequest request, StreamObserver<SweepResponse> observer) {
    sweeps.sweep(request, passLimits(request.getMaxBatchRows()), new PacedObserver<>(observer));
  }

  @Override
  public void generate(GenerateRequest request, StreamObserver<GenerateResponse> observer) {
    CatalogModel model = catalog.model(request.getModel());
    new Generations(tokenizers, residency, limits, interventionLimits, passes)
        .start(model, request, new PacedObserver<>(observer));
  }

  private void stream(
      CatalogModel model,
      List<TokenizedPrompt> prompts,
      PromptOptions options,
      ForwardPass pass,
      CaptureSelection selection,
      PassLimits passLimits,
      PacedObserver<CaptureResponse> paced) {
    try {
      paced.send(InferenceMessages.started(model, prompts, options, residency.execution()));
      TensorSender sender = new TensorSender(paced);
      pass.run(prompts, selection, passLimits, sender::send, paced::isCancelled);
      paced.complete();
    } catch (RuntimeException failed) {
      paced.fail(failed);
    }
  }

  private List<TokenizedPrompt> tokenize(
      CatalogModel model, List<String> prompts, PromptOptions options) {
    if (prompts.isEmpty()) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT, "There are no prompts; give at least one");
    }
    if (prompts.size() > maxPromptsPerRequest) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "%d prompts are more than a request may have; send at most %d at a time"
              .formatted(prompts.size(), maxPromptsPerRequest));
    }
    return tokenizers.tokenize(model.bundle(), model.manifest(), prompts, options);
  }

  private PassLimits passLimits(int maxBatchPrompts) {
    // Unsigned on the wire: values from 2^31 up arrive negative and mean "as many as there may be".
    return maxBatchPrompts <= 0 ? limits : limits.withMaxPrompts(maxBatchPrompts);
  }

  /** Numbers the tensors of a stream and cuts them into frames. */
  private static final class TensorSender {
    private final PacedObserver<CaptureResponse> paced;
    private int nextTensorId;

    private TensorSender(PacedObserver<CaptureResponse> paced) {
      this.paced = paced;
    }

    private void send(TensorView tensor) {
      int tensorId = nextTensorId++;
      paced.send(
          CaptureResponse.newBuilder().setHeader(TensorFrames.header(tensorId, tensor)).build());
      TensorFrames.chunks(
          tensorId,
          tensor,
          chunk -> paced.send(CaptureResponse.newBuilder().setChunk(chunk).build()));
    }
  }
}

package org.rolescope.inference.grpc;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.catalog.CatalogModel;
import org.rolescope.inference.catalog.ModelCatalog;
import org.rolescope.inference.forward.ModelPrompts;
import org.rolescope.inference.forward.PassLimits;
import org.rolescope.inference.forward.SweepPass;
import org.rolescope.inference.intervene.InterventionLimits;
import org.rolescope.inference.intervene.Variants;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.inference.tokenizer.PromptOptions;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.rpc.PacedObserver;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.SweepRequest;
import org.rolescope.v1.SweepResponse;
import org.rolescope.v1.SweepSource;
import org.rolescope.v1.SweepStarted;

/** The sweeps of {@link InferenceEndpoint}. */
final class SweepEndpoint {
  private final ModelCatalog catalog;
  private final ModelResidency residency;
  private final PromptReader reader;
  private final InterventionLimits interventionLimits;
  private final ExecutorService passes;

  /** Tokenises prompts of a request. */
  @FunctionalInterface
  interface PromptReader {
    /** The prompts as their model sees them. */
    List<TokenizedPrompt> read(CatalogModel model, List<String> prompts, PromptOptions options);
  }

  /**
   * Creates the endpoint.
   *
   * @param catalog the models
   * @param residency keeps them loaded; stays the caller's
   * @param reader tokenises their prompts
   * @param interventionLimits limits of a sweep
   * @param passes runs the sweeps
   */
  SweepEndpoint(
      ModelCatalog catalog,
      ModelResidency residency,
      PromptReader reader,
      InterventionLimits interventionLimits,
      ExecutorService passes) {
    this.catalog = catalog;
    this.residency = residency;
    this.reader = reader;
    this.interventionLimits = interventionLimits;
    this.passes = passes;
  }

  /**
   * Checks a sweep and begins it.
   *
   * @param request the request
   * @param limits its batch limits
   * @param paced takes the stream
   * @throws RolescopeException as the contract says
   */
  void sweep(SweepRequest request, PassLimits limits, PacedObserver<SweepResponse> paced) {
    CatalogModel model = catalog.model(request.getModel());
    PromptOptions options = InferenceMessages.promptOptions(request.getPromptOptions());
    List<TokenizedPrompt> prompts = reader.read(model, request.getPromptsList(), options);
    SweepStarted.Builder started =
        SweepStarted.newBuilder().setTarget(started(model, prompts, options));
    Optional<ModelPrompts> source = Optional.empty();
    if (request.hasSource()) {
      CatalogModel sourceModel = sourceModel(request.getSource(), model);
      List<TokenizedPrompt> sourcePrompts =
          reader.read(sourceModel, sourcePrompts(request), options);
      started.setSource(started(sourceModel, sourcePrompts, options));
      source = Optional.of(modelPrompts(sourceModel, sourcePrompts));
    }
    Variants variants =
        Variants.of(
            InterventionMessages.variants(request.getVariantsList()),
            model.manifest(),
            prompts,
            source.isPresent(),
            interventionLimits);
    SweepPass pass =
        new SweepPass(
            residency,
            modelPrompts(model, prompts),
            source,
            variants,
            interventionLimits.maxSweepBytes());
    SweepStream stream = new SweepStream(paced);
    try {
      passes.execute(() -> stream.run(started.build(), pass, limits));
    } catch (RejectedExecutionException full) {
      throw new RolescopeException(
          FaultCode.RESOURCE_EXHAUSTED,
          "Too many captures and sweeps are waiting; try again when others have ended",
          full);
    }
  }

  private CatalogModel sourceModel(SweepSource source, CatalogModel target) {
    return source.getModel().isEmpty() ? target : catalog.model(source.getModel());
  }

  private static List<String> sourcePrompts(SweepRequest request) {
    return request.getSource().getPromptsCount() == 0
        ? request.getPromptsList()
        : request.getSource().getPromptsList();
  }

  private CaptureStarted started(
      CatalogModel model, List<TokenizedPrompt> prompts, PromptOptions options) {
    return InferenceMessages.started(model, prompts, options, residency.execution()).getStarted();
  }

  private static ModelPrompts modelPrompts(CatalogModel model, List<TokenizedPrompt> prompts) {
    return new ModelPrompts(model.bundle(), model.manifest(), prompts);
  }
}

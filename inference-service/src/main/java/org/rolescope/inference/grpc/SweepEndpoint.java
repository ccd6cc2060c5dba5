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
    PromptOptions options = InferenceMessages.promptOptions(request.getPromptOptions());
    Side target = side(catalog.model(request.getModel()), request.getPromptsList(), options);
    Optional<Side> source = source(request, target, options);
    SweepPass pass = plan(request, target, source);
    SweepStarted.Builder started = SweepStarted.newBuilder().setTarget(started(target, options));
    source.ifPresent(side -> started.setSource(started(side, options)));
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

  /** A model and the prompts it is to run. */
  private record Side(CatalogModel model, List<TokenizedPrompt> prompts) {
    private ModelPrompts modelPrompts() {
      return new ModelPrompts(model.bundle(), model.manifest(), prompts);
    }
  }

  private Side side(CatalogModel model, List<String> prompts, PromptOptions options) {
    return new Side(model, reader.read(model, prompts, options));
  }

  /** The source; what it does not name is the target's. */
  private Optional<Side> source(SweepRequest request, Side target, PromptOptions options) {
    if (!request.hasSource()) {
      return Optional.empty();
    }
    SweepSource source = request.getSource();
    CatalogModel model =
        source.getModel().isEmpty() ? target.model() : catalog.model(source.getModel());
    List<String> prompts =
        source.getPromptsCount() == 0 ? request.getPromptsList() : source.getPromptsList();
    return Optional.of(side(model, prompts, options));
  }

  private SweepPass plan(SweepRequest request, Side target, Optional<Side> source) {
    Variants variants =
        Variants.of(
            InterventionMessages.variants(request.getVariantsList()),
            target.model().manifest(),
            target.prompts(),
            source.isPresent(),
            interventionLimits);
    return new SweepPass(
        residency,
        target.modelPrompts(),
        source.map(Side::modelPrompts),
        variants,
        interventionLimits.maxSweepBytes());
  }

  private CaptureStarted started(Side side, PromptOptions options) {
    return InferenceMessages.started(side.model(), side.prompts(), options, residency.execution())
        .getStarted();
  }
}

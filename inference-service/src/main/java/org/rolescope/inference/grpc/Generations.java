package org.rolescope.inference.grpc;

import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.catalog.CatalogModel;
import org.rolescope.inference.forward.PassLimits;
import org.rolescope.inference.generate.Answer;
import org.rolescope.inference.generate.GeneratedToken;
import org.rolescope.inference.generate.Generation;
import org.rolescope.inference.generate.GenerationSettings;
import org.rolescope.inference.generate.TokenDecoder;
import org.rolescope.inference.intervene.InterventionLimits;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.inference.tokenizer.PromptOptions;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.inference.tokenizer.TokenizerCache;
import org.rolescope.rpc.PacedObserver;
import org.rolescope.v1.FinishReason;
import org.rolescope.v1.GenerateEnded;
import org.rolescope.v1.GenerateRequest;
import org.rolescope.v1.GenerateResponse;
import org.rolescope.v1.GenerateStarted;

/**
 * The Generate call.
 *
 * @param tokenizers tokenizers of the models
 * @param residency keeps models loaded
 * @param limits largest tensor
 * @param interventionLimits most interventions
 * @param passes runs the generations, beside captures
 */
record Generations(
    TokenizerCache tokenizers,
    ModelResidency residency,
    PassLimits limits,
    InterventionLimits interventionLimits,
    ExecutorService passes) {
  /**
   * Starts a generation.
   *
   * @throws RolescopeException as the contract says of what is asked for
   */
  void start(CatalogModel model, GenerateRequest request, PacedObserver<GenerateResponse> paced) {
    PromptOptions options = InferenceMessages.promptOptions(request.getPromptOptions());
    List<TokenizedPrompt> prompts =
        tokenizers.tokenize(
            model.bundle(), model.manifest(), List.of(request.getPrompt()), options);
    SortedSet<Long> ends = tokenizers.endTokens(model.bundle(), model.manifest());
    Generation generation =
        Generation.of(
            model.manifest(),
            prompts.getFirst(),
            settings(request),
            ends,
            InterventionMessages.interventions(request.getInterventionsList()),
            limits,
            interventionLimits);
    GenerateStarted started =
        GenerateStarted.newBuilder()
            .setPrompt(
                InferenceMessages.started(model, prompts, options, residency.execution())
                    .getStarted())
            .addAllEndTokenIds(ends)
            .build();
    try {
      passes.execute(() -> stream(model, generation, started, paced));
    } catch (RejectedExecutionException full) {
      throw new RolescopeException(
          FaultCode.RESOURCE_EXHAUSTED,
          "Too many captures and generations are waiting; try again when others have ended",
          full);
    }
  }

  private void stream(
      CatalogModel model,
      Generation generation,
      GenerateStarted started,
      PacedObserver<GenerateResponse> paced) {
    try {
      paced.send(GenerateResponse.newBuilder().setStarted(started).build());
      Answer answer =
          generation.run(
              residency,
              model.bundle(),
              new ModelDecoder(tokenizers, model),
              token -> paced.send(message(token)),
              paced::isCancelled);
      paced.send(message(answer));
      paced.complete();
    } catch (RuntimeException failed) {
      paced.fail(failed);
    }
  }

  private static GenerationSettings settings(GenerateRequest request) {
    return new GenerationSettings(
        maxTokens(request.getMaxTokens()),
        request.getTemperature(),
        request.getTopP(),
        request.getSeed(),
        request.getStopList(),
        request.getIgnoreEndTokens());
  }

  /** Unsigned on the wire: values from 2^31 up arrive negative and mean "as many as may be". */
  private static int maxTokens(int asked) {
    if (asked == 0) {
      return GenerationSettings.DEFAULT_MAX_TOKENS;
    }
    return asked < 0 ? Integer.MAX_VALUE : asked;
  }

  private static GenerateResponse message(GeneratedToken token) {
    return GenerateResponse.newBuilder()
        .setToken(
            org.rolescope.v1.GeneratedToken.newBuilder()
                .setTokenId(token.id())
                .setToken(token.spelling())
                .setText(token.text())
                .setLogProbability(token.logProbability()))
        .build();
  }

  private static GenerateResponse message(Answer answer) {
    return GenerateResponse.newBuilder()
        .setEnded(
            GenerateEnded.newBuilder()
                .setReason(
                    switch (answer.reason()) {
                      case END_TOKEN -> FinishReason.FINISH_REASON_END_TOKEN;
                      case STOP_TEXT -> FinishReason.FINISH_REASON_STOP_TEXT;
                      case LENGTH -> FinishReason.FINISH_REASON_LENGTH;
                    })
                .setText(answer.text())
                .setTokenCount(answer.tokenCount()))
        .build();
  }

  /**
   * The tokenizer of a model.
   *
   * @param tokenizers has it
   * @param model the model
   */
  private record ModelDecoder(TokenizerCache tokenizers, CatalogModel model)
      implements TokenDecoder {
    @Override
    public String decode(List<Long> ids) {
      return tokenizers.decode(model.bundle(), model.manifest(), ids);
    }

    @Override
    public String spelling(long id) {
      return tokenizers.spelling(model.bundle(), model.manifest(), id);
    }
  }
}

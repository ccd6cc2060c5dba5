package org.rolescope.orchestrator.testing;

import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.rolescope.v1.BosPolicy;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.PromptOptions;
import org.rolescope.v1.TokenizedPrompt;

/** The models both fakes know. */
public final class FakeModels {
  private final Map<String, FakeModel> models = new ConcurrentHashMap<>();

  public void put(FakeModel model) {
    models.put(model.name(), model);
  }

  FakeModel get(String name) {
    FakeModel model = models.get(name);
    if (model == null) {
      throw Status.NOT_FOUND
          .withDescription("There is no model %s; there are %s".formatted(name, models.keySet()))
          .asRuntimeException();
    }
    return model;
  }

  /** The prompts with a begin token first, unless it is to stand nowhere. */
  CaptureStarted start(String name, List<String> prompts, PromptOptions options) {
    CaptureStarted started =
        begin(get(name).started(prompts), options.getBos() == BosPolicy.BOS_POLICY_NEVER)
            .setPromptOptions(options)
            .build();
    if (started.getPromptsList().stream()
        .anyMatch(prompt -> prompt.getTokenIdsCount() > FakeModel.CONTEXT_LENGTH)) {
      throw Status.INVALID_ARGUMENT
          .withDescription("A prompt is longer than the context; shorten it")
          .asRuntimeException();
    }
    return started;
  }

  private static CaptureStarted.Builder begin(CaptureStarted started, boolean never) {
    CaptureStarted.Builder begun = started.toBuilder();
    for (TokenizedPrompt.Builder prompt : begun.getPromptsBuilderList()) {
      if (never) {
        List<Long> ids = prompt.getTokenIdsList();
        List<String> tokens = prompt.getTokensList();
        TokenizedPrompt without =
            TokenizedPrompt.newBuilder()
                .addAllTokenIds(ids.subList(1, ids.size()))
                .addAllTokens(tokens.subList(1, tokens.size()))
                .build();
        prompt.clear().mergeFrom(without);
      }
    }
    return begun;
  }
}

package org.rolescope.orchestrator.testing;

import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.rolescope.v1.BosPolicy;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.PromptOptions;

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

  /** The prompts as tokens, under options; only that there is no begin token is heeded. */
  CaptureStarted start(String name, List<String> prompts, PromptOptions options) {
    CaptureStarted.Builder started = start(name, prompts).toBuilder().setPromptOptions(options);
    if (options.getBos() == BosPolicy.BOS_POLICY_NEVER) {
      started
          .getPromptsBuilderList()
          .forEach(
              prompt -> {
                List<Long> ids = List.copyOf(prompt.getTokenIdsList());
                List<String> tokens = List.copyOf(prompt.getTokensList());
                prompt.clearTokenIds().addAllTokenIds(ids.subList(1, ids.size()));
                prompt.clearTokens().addAllTokens(tokens.subList(1, tokens.size()));
              });
    }
    return started.build();
  }

  CaptureStarted start(String name, List<String> prompts) {
    CaptureStarted started = get(name).started(prompts);
    if (started.getPromptsList().stream()
        .anyMatch(prompt -> prompt.getTokenIdsCount() > FakeModel.CONTEXT_LENGTH)) {
      throw Status.INVALID_ARGUMENT
          .withDescription("A prompt is longer than the context; shorten it")
          .asRuntimeException();
    }
    return started;
  }
}

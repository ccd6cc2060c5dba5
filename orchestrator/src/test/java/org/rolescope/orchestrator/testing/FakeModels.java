package org.rolescope.orchestrator.testing;

import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.rolescope.v1.CaptureStarted;

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

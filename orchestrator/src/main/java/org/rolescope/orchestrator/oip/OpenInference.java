package org.rolescope.orchestrator.oip;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.rolescope.fault.RolescopeException;
import org.rolescope.openinference.ModelInferRequest;
import org.rolescope.openinference.ModelInferResponse;
import org.rolescope.openinference.ModelMetadataResponse;
import org.rolescope.orchestrator.client.InferenceClient;
import org.rolescope.orchestrator.client.MetricsClient;
import org.rolescope.orchestrator.client.PromptOptionsMessage;
import org.rolescope.orchestrator.plan.EntropyName;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.LayerRange;
import org.rolescope.v1.MeasureEntropiesRequest;
import org.rolescope.v1.Model;
import org.rolescope.v1.Tap;

/** What the Open Inference Protocol can be asked, answered by both services. Thread-safe. */
public final class OpenInference {
  private final InferenceClient inference;
  private final MetricsClient metrics;
  private final InferLimits limits;

  /** Asks these services. */
  public OpenInference(InferenceClient inference, MetricsClient metrics, InferLimits limits) {
    this.inference = requireNonNull(inference, "inference is null");
    this.metrics = requireNonNull(metrics, "metrics are null");
    this.limits = requireNonNull(limits, "limits are null");
  }

  /** Whether both services answer. */
  public boolean serverReady() {
    return inference.answers() && metrics.answers();
  }

  /**
   * Whether a model can be run.
   *
   * @param version as in {@link #metadata}
   * @throws RolescopeException UNAVAILABLE where the inference service cannot be reached
   */
  public boolean modelReady(String name, String version) {
    try {
      return ModelVersion.matches(inference.model(name), version);
    } catch (RolescopeException fault) {
      return switch (fault.code()) {
        case NOT_FOUND, INVALID_ARGUMENT, MALFORMED_MODEL -> false;
        case CONFLICT,
            UNAVAILABLE,
            RESOURCE_EXHAUSTED,
            CANCELLED,
            DEADLINE_EXCEEDED,
            DATA_LOSS,
            INTERNAL ->
            throw fault;
      };
    }
  }

  /**
   * Inputs and outputs of a model.
   *
   * @param version at least 8 characters of its digest, or empty
   * @throws RolescopeException NOT_FOUND where there is no such model or version
   */
  public ModelMetadataResponse metadata(String name, String version) {
    return InferMessages.metadata(ModelVersion.require(inference.model(name), version));
  }

  /**
   * Runs prompts through a model.
   *
   * @throws RolescopeException INVALID_ARGUMENT where the request asks for what the model does not
   *     have or sends what it does not say, NOT_FOUND where there is no such model or version,
   *     RESOURCE_EXHAUSTED where the answer is over the limit; what the services end with
   */
  public ModelInferResponse infer(ModelInferRequest request) {
    List<String> prompts = TextInput.prompts(request, limits.maxPrompts());
    Model model =
        ModelVersion.require(inference.model(request.getModelName()), request.getModelVersion());
    InferOptions options = InferOptions.of(request.getParametersMap(), model.getLayerCount());
    SequencedMap<String, Output> outputs =
        new ModelOutputs(model).requested(request.getOutputsList());
    Answer answer = new Answer(model, outputs, options.layers(), limits.maxAnswerBytes());
    capture(captureRequest(model, prompts, options, outputs.values()), answer);
    if (outputs.values().stream().anyMatch(Output.Entropy.class::isInstance)) {
      metrics.measureEntropies(
          model, measureRequest(model, prompts, options, outputs.values()), answer);
    }
    return InferMessages.response(request, options, answer);
  }

  /** Runs the model where a tensor of its own is wanted; else only has the prompts tokenised. */
  private void capture(CaptureRequest.Builder request, Answer answer) {
    if (request.getTapsCount() > 0) {
      inference.capture(request.build(), answer);
    } else {
      request.addTaps(Tap.TAP_PATTERN).setLayers(LayerRange.getDefaultInstance());
      answer.started(inference.start(request.build()));
    }
  }

  private static CaptureRequest.Builder captureRequest(
      Model model, List<String> prompts, InferOptions options, Collection<Output> outputs) {
    CaptureRequest.Builder request =
        CaptureRequest.newBuilder()
            .setModel(model.getName())
            .addAllPrompts(prompts)
            .setPromptOptions(PromptOptionsMessage.of(options.promptOptions()));
    if (outputs.stream().anyMatch(Output.Logits.class::isInstance)) {
      request.addTaps(Tap.TAP_LOGITS);
    }
    int[] layers =
        outputs.stream()
            .flatMapToInt(
                output ->
                    output instanceof Output.Pattern pattern
                        ? IntStream.of(pattern.layer())
                        : IntStream.empty())
            .sorted()
            .toArray();
    if (layers.length > 0) {
      request
          .addTaps(Tap.TAP_PATTERN)
          .setLayers(
              LayerRange.newBuilder().setFirst(layers[0]).setLast(layers[layers.length - 1]));
    }
    return request;
  }

  private static MeasureEntropiesRequest measureRequest(
      Model model, List<String> prompts, InferOptions options, Collection<Output> outputs) {
    return MeasureEntropiesRequest.newBuilder()
        .setModel(model.getName())
        .addAllPrompts(prompts)
        .setLayers(options.layers())
        .setNormWeighted(outputs.contains(new Output.Entropy(EntropyName.NORM_WEIGHTED)))
        .setPromptOptions(PromptOptionsMessage.of(options.promptOptions()))
        .build();
  }
}

package org.rolescope.orchestrator.config;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.rolescope.orchestrator.oip.InferLimits;

/**
 * Settings of the Open Inference Protocol under {@code rolescope.orchestrator.open-inference}.
 *
 * @param maxPrompts most prompts in a request
 * @param maxAnswerBytes most bytes of all tensors of an answer, which is one message
 */
@ConfigurationProperties(OpenInferenceConfiguration.PREFIX)
@Requires(property = OrchestratorConfiguration.ENABLED, value = "true")
public record OpenInferenceConfiguration(
    @Bindable(defaultValue = "256") @Min(1) int maxPrompts,
    @Bindable(defaultValue = "67108864") @Min(1) @Max(1 << 30) int maxAnswerBytes) {
  static final String PREFIX = OrchestratorConfiguration.PREFIX + ".open-inference";

  InferLimits limits() {
    return new InferLimits(maxPrompts, maxAnswerBytes);
  }
}

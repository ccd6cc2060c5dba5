package org.rolescope.inference.config;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;

/**
 * {@code rolescope.inference.*}.
 *
 * @param enabled whether this process runs the inference service
 * @param modelsDirectory folder whose sub-folders are model bundles
 * @param maxBatchPrompts most prompts in a batch
 * @param maxPromptsPerRequest most prompts in a request
 * @param maxTensorBytes largest tensor of a batch, bytes; decides how many prompts share a batch
 * @param maxConcurrentPasses forward passes that run at once; each holds one stage
 * @param maxWaitingPasses captures that may wait for their turn
 */
@ConfigurationProperties("rolescope.inference")
@Requires(property = "rolescope.inference.enabled", value = "true")
public record InferenceConfiguration(
    @Bindable(defaultValue = "false") boolean enabled,
    @Bindable(defaultValue = "rolescope-data/models") @NotBlank String modelsDirectory,
    @Bindable(defaultValue = "32") @Min(1) @Max(4096) int maxBatchPrompts,
    @Bindable(defaultValue = "10000") @Min(1) int maxPromptsPerRequest,
    @Bindable(defaultValue = "268435456") @Min(1 << 20) long maxTensorBytes,
    @Bindable(defaultValue = "2") @Min(1) @Max(64) int maxConcurrentPasses,
    @Bindable(defaultValue = "64") @Min(1) int maxWaitingPasses) {}

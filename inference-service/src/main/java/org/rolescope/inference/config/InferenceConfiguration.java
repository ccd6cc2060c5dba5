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
 * @param maxBatchTokens most tokens in a batch, all prompts together; a longer prompt has a batch
 *     of its own. About a thousand let the weights of a layer be read from memory once for enough
 *     work
 * @param maxPromptsPerRequest most prompts in a request
 * @param maxTensorBytes largest tensor of a batch, bytes; decides how many prompts share a batch
 * @param maxInterventions most interventions in a request
 * @param maxInterventionBytes most bytes in the patches of a request's interventions, all together;
 *     a server also bounds a message as a whole, with {@code grpc.server.max-inbound-message-size}
 * @param maxSweepBytes most bytes of residual streams and logits of the variants of a sweep that
 *     run at once
 * @param maxConcurrentPasses forward passes that run at once; each holds the weights of one stage
 *     that is not resident, as they are on disk and in float32
 * @param maxWaitingPasses captures that may wait for their turn
 * @param memoryBudget memory for weights, bytes; models that fit stay loaded between requests,
 *     others are streamed; 0 for a quarter of the machine's memory
 * @param threads threads of ONNX Runtime, shared by all passes; 0 for one a processor
 * @param device what models run on: cpu, cuda or coreml
 * @param computeType the numbers of products with weights: float32 or float16
 */
@ConfigurationProperties("rolescope.inference")
@Requires(property = "rolescope.inference.enabled", value = "true")
public record InferenceConfiguration(
    @Bindable(defaultValue = "false") boolean enabled,
    @Bindable(defaultValue = "rolescope-data/models") @NotBlank String modelsDirectory,
    @Bindable(defaultValue = "256") @Min(1) @Max(4096) int maxBatchPrompts,
    @Bindable(defaultValue = "1024") @Min(1) @Max(1 << 20) int maxBatchTokens,
    @Bindable(defaultValue = "10000") @Min(1) int maxPromptsPerRequest,
    @Bindable(defaultValue = "268435456") @Min(1 << 20) long maxTensorBytes,
    @Bindable(defaultValue = "4096") @Min(0) int maxInterventions,
    @Bindable(defaultValue = "268435456") @Min(0) long maxInterventionBytes,
    @Bindable(defaultValue = "268435456") @Min(1 << 20) long maxSweepBytes,
    @Bindable(defaultValue = "2") @Min(1) @Max(64) int maxConcurrentPasses,
    @Bindable(defaultValue = "64") @Min(1) int maxWaitingPasses,
    @Bindable(defaultValue = "0") @Min(0) long memoryBudget,
    @Bindable(defaultValue = "0") @Min(0) @Max(1024) int threads,
    @Bindable(defaultValue = "cpu") @NotBlank String device,
    @Bindable(defaultValue = "float32") @NotBlank String computeType) {}

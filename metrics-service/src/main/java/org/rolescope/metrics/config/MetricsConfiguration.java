package org.rolescope.metrics.config;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;

/**
 * Settings under {@code rolescope.metrics}.
 *
 * @param inference address of the inference service, {@code host:port} or {@code in-process:name}
 * @param maxTensorBytes largest tensor accepted, from the inference service and from callers that
 *     push their own; default 1 GiB
 */
@ConfigurationProperties("rolescope.metrics")
@Requires(property = "rolescope.metrics.enabled", value = "true")
public record MetricsConfiguration(
    @Bindable(defaultValue = DEFAULT_INFERENCE) @NotBlank String inference,
    @Bindable(defaultValue = DEFAULT_MAX_TENSOR_BYTES) @Min(1) @Max(MAX_TENSOR_BYTES)
        long maxTensorBytes) {
  /** The inference service on this machine. */
  static final String DEFAULT_INFERENCE = "127.0.0.1:50051";

  /** 1 GiB. */
  static final String DEFAULT_MAX_TENSOR_BYTES = "1073741824";

  /** What a Java array can hold. */
  static final long MAX_TENSOR_BYTES = Integer.MAX_VALUE - 8L;
}

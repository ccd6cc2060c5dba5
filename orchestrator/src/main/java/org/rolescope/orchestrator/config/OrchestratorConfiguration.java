package org.rolescope.orchestrator.config;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.NotBlank;

/**
 * Settings under {@code rolescope.orchestrator}. Nothing of this module is there unless {@code
 * rolescope.orchestrator.enabled} is true.
 *
 * @param inference address of the inference service
 * @param metrics address of the metrics service
 * @param runsDirectory folder of the runs; made when the first run is. Patches and ablations are
 *     kept in folders beside it
 */
@ConfigurationProperties(OrchestratorConfiguration.PREFIX)
@Requires(property = OrchestratorConfiguration.ENABLED, value = "true")
public record OrchestratorConfiguration(
    @Bindable(defaultValue = "127.0.0.1:50051") @NotBlank String inference,
    @Bindable(defaultValue = "127.0.0.1:50052") @NotBlank String metrics,
    @Bindable(defaultValue = "runs") @NotBlank String runsDirectory) {
  static final String PREFIX = "rolescope.orchestrator";
  static final String ENABLED = PREFIX + ".enabled";
}

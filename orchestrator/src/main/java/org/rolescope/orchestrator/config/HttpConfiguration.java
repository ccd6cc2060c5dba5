package org.rolescope.orchestrator.config;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Positive;
import org.rolescope.orchestrator.view.Versions.Thresholds;

/**
 * Settings of the HTTP API and the dashboard under {@code rolescope.orchestrator.http}. Neither is
 * there unless {@code rolescope.orchestrator.http.enabled} is true. Where they listen is said by
 * {@code micronaut.server}.
 *
 * @param flagRfcAbove a layer of a version whose RFC differs by more from the version before is
 *     flagged, where the intervals do not overlap
 * @param flagRsiAbove the same for RSI
 * @param cacheBytes most bytes of answers that are kept
 */
@ConfigurationProperties(HttpConfiguration.PREFIX)
@Requires(property = HttpConfiguration.ENABLED, value = "true")
public record HttpConfiguration(
    @Bindable(defaultValue = "0.05") @Positive double flagRfcAbove,
    @Bindable(defaultValue = "0.05") @Positive double flagRsiAbove,
    @Bindable(defaultValue = "134217728") @Positive long cacheBytes) {
  static final String PREFIX = OrchestratorConfiguration.PREFIX + ".http";
  static final String ENABLED = PREFIX + ".enabled";

  Thresholds thresholds() {
    return new Thresholds(flagRfcAbove, flagRsiAbove);
  }
}

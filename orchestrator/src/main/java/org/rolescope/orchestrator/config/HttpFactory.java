package org.rolescope.orchestrator.config;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import org.rolescope.orchestrator.http.BodyCache;
import org.rolescope.orchestrator.http.DashboardFiles;
import org.rolescope.orchestrator.http.RunEvents;
import org.rolescope.orchestrator.view.Catalog;

/** Makes what the HTTP API converts. */
@Factory
@Requires(property = HttpConfiguration.ENABLED, value = "true")
final class HttpFactory {
  @Singleton
  Catalog catalog(OrchestratorServices services, HttpConfiguration configuration) {
    return services.catalog(configuration.thresholds());
  }

  @Singleton
  RunEvents events(OrchestratorServices services, Catalog catalog) {
    return new RunEvents(services.runs(), catalog, services.executor());
  }

  @Singleton
  BodyCache bodies(HttpConfiguration configuration) {
    return new BodyCache(configuration.cacheBytes());
  }

  @Singleton
  DashboardFiles dashboard() {
    return new DashboardFiles();
  }
}

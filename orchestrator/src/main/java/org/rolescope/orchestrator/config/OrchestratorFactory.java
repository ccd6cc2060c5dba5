package org.rolescope.orchestrator.config;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import org.rolescope.orchestrator.grpc.OpenInferenceEndpoint;
import org.rolescope.orchestrator.grpc.OrchestratorEndpoint;

/** Makes the beans of the orchestrator. */
@Factory
@Requires(property = OrchestratorConfiguration.ENABLED, value = "true")
final class OrchestratorFactory {
  /** Channels, threads and runs, closed with the application. */
  @Singleton
  @Bean(preDestroy = "close")
  OrchestratorServices services(OrchestratorConfiguration configuration) {
    return new OrchestratorServices(configuration);
  }

  /** The service itself; a server picks it up as a {@link io.grpc.BindableService}. */
  @Singleton
  OrchestratorEndpoint endpoint(OrchestratorServices services) {
    return new OrchestratorEndpoint(
        services.runs(),
        services.interventions(),
        services.patching(),
        services.causes(),
        services.executor());
  }

  /** The same models to clients of KServe and Triton. */
  @Singleton
  OpenInferenceEndpoint openInference(
      OrchestratorServices services, OpenInferenceConfiguration configuration) {
    return new OpenInferenceEndpoint(services.openInference(configuration.limits()));
  }
}

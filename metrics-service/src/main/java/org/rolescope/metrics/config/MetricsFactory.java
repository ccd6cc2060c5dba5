package org.rolescope.metrics.config;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.rolescope.metrics.client.InferenceClient;
import org.rolescope.metrics.grpc.MetricsEndpoint;
import org.rolescope.rpc.Address;

/** Wires the metrics service. */
@Factory
@Requires(property = "rolescope.metrics.enabled", value = "true")
public final class MetricsFactory {
  /** Name of the channel bean: other services have channels of their own. */
  static final String CHANNEL = "metrics-to-inference";

  /** The channel to the inference service; calls still running when the context closes end. */
  @Singleton
  @Named(CHANNEL)
  @Bean(preDestroy = "shutdownNow")
  ManagedChannel inferenceChannel(MetricsConfiguration configuration) {
    return new Address(configuration.inference()).open();
  }

  /** The client that measures what the inference service streams. */
  @Singleton
  InferenceClient inferenceClient(
      @Named(CHANNEL) ManagedChannel channel, MetricsConfiguration configuration) {
    return new InferenceClient(
        channel, new Address(configuration.inference()), configuration.maxTensorBytes());
  }

  /** The gRPC service. Each measurement has a virtual thread: it mostly waits for tensors. */
  @Singleton
  @Named("metrics-endpoint")
  BindableService metricsEndpoint(InferenceClient client) {
    return new MetricsEndpoint(
        client, task -> Thread.ofVirtual().name("measure-entropies").start(task));
  }
}

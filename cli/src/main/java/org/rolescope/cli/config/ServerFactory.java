package org.rolescope.cli.config;

import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import org.rolescope.rpc.FaultInterceptor;

/** What every TCP server has beside its services. */
@Factory
@Requires(property = "rolescope.server.enabled", value = "true")
final class ServerFactory {
  @Singleton
  ServerInterceptor faultInterceptor() {
    return new FaultInterceptor();
  }

  @Singleton
  BindableService reflection() {
    return ProtoReflectionServiceV1.newInstance();
  }
}

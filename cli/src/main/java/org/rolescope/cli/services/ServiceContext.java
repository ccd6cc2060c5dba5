package org.rolescope.cli.services;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextBuilder;
import io.micronaut.context.env.Environment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.rolescope.fault.RolescopeException;
import org.rolescope.rpc.Address;

/** Starts the Micronaut context that holds the services of this process. */
final class ServiceContext {
  private ServiceContext() {}

  /**
   * Starts a context.
   *
   * @param roles services it holds
   * @param data folder of models and runs
   * @param addresses where these services find the others
   * @param more further properties
   */
  static ApplicationContext start(
      Set<ServiceRole> roles, Path data, Peers addresses, Map<String, Object> more) {
    Map<String, Object> properties = new HashMap<>(more);
    roles.forEach(role -> properties.put("rolescope." + role.label() + ".enabled", "true"));
    properties.put("rolescope.inference.models-directory", data.resolve("models").toString());
    properties.put("rolescope.metrics.inference", addresses.inference().text());
    properties.put("rolescope.orchestrator.inference", addresses.inference().text());
    properties.put("rolescope.orchestrator.metrics", addresses.metrics().text());
    properties.put("rolescope.orchestrator.runs-directory", data.resolve("runs").toString());
    return builder().properties(properties).start();
  }

  /** What services of this process would be configured with, without starting any. */
  static Environment settings() {
    return builder().build().getEnvironment().start();
  }

  private static ApplicationContextBuilder builder() {
    return ApplicationContext.builder().banner(false).deduceEnvironment(false);
  }

  /**
   * Does something with a context that is closed where that fails. A service that cannot be made,
   * as on a device the machine lacks, fails with its own fault and not the container's.
   */
  static <T> T faulting(ApplicationContext context, Supplier<T> action) {
    try {
      return action.get();
    } catch (RuntimeException failed) {
      context.close();
      throw Stream.<Throwable>iterate(failed, Objects::nonNull, Throwable::getCause)
          .filter(RolescopeException.class::isInstance)
          .map(RuntimeException.class::cast)
          .findFirst()
          .orElse(failed);
    }
  }

  /**
   * Where services find each other.
   *
   * @param inference inference service
   * @param metrics metrics service
   */
  record Peers(Address inference, Address metrics) {}
}

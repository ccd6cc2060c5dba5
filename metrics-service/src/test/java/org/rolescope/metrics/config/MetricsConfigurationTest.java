package org.rolescope.metrics.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.exceptions.BeanContextException;
import io.micronaut.inject.qualifiers.Qualifiers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.client.InferenceClient;
import org.rolescope.metrics.grpc.MetricsEndpoint;

final class MetricsConfigurationTest {
  private static final Map<String, Object> ENABLED = Map.of("rolescope.metrics.enabled", "true");

  @Test
  void defaultsAreThese() {
    try (ApplicationContext context = ApplicationContext.run(ENABLED)) {
      assertEquals(
          new MetricsConfiguration("127.0.0.1:50051", 1L << 30),
          context.getBean(MetricsConfiguration.class));
    }
  }

  @Test
  void everyPropertyIsBound() {
    Map<String, Object> properties =
        Map.of(
            "rolescope.metrics.enabled", "true",
            "rolescope.metrics.inference", "in-process:inference",
            "rolescope.metrics.max-tensor-bytes", "4096");
    try (ApplicationContext context = ApplicationContext.run(properties)) {
      assertEquals(
          new MetricsConfiguration("in-process:inference", 4096),
          context.getBean(MetricsConfiguration.class));
    }
  }

  @Test
  void nothingExistsUnlessEnabled() {
    try (ApplicationContext context = ApplicationContext.run()) {
      assertFalse(context.containsBean(MetricsConfiguration.class));
      assertFalse(context.containsBean(BindableService.class));
      assertFalse(context.containsBean(InferenceClient.class));
      assertFalse(context.containsBean(ManagedChannel.class));
    }
  }

  @Test
  void channelIsClosedWithTheContext() {
    ManagedChannel channel;
    try (ApplicationContext context = ApplicationContext.run(ENABLED)) {
      assertInstanceOf(MetricsEndpoint.class, context.getBean(BindableService.class));
      channel = context.getBean(ManagedChannel.class, Qualifiers.byName(MetricsFactory.CHANNEL));
      assertFalse(channel.isShutdown());
    }
    assertTrue(channel.isShutdown());
  }

  @Test
  void tensorLimitMustBePositive() {
    assertRefused("rolescope.metrics.max-tensor-bytes", "0");
    assertRefused("rolescope.metrics.inference", " ");
  }

  @Test
  void addressMustBeOne() {
    Map<String, Object> properties =
        Map.of("rolescope.metrics.enabled", "true", "rolescope.metrics.inference", "nonsense");
    try (ApplicationContext context = ApplicationContext.run(properties)) {
      BeanContextException failed =
          assertThrows(BeanContextException.class, () -> context.getBean(BindableService.class));
      Throwable cause = failed;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      assertInstanceOf(RolescopeException.class, cause);
    }
  }

  private static void assertRefused(String property, String value) {
    Map<String, Object> properties = Map.of("rolescope.metrics.enabled", "true", property, value);
    try (ApplicationContext context = ApplicationContext.run(properties)) {
      assertThrows(BeanContextException.class, () -> context.getBean(MetricsConfiguration.class));
    }
  }
}

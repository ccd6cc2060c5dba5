package org.rolescope.orchestrator.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.BindableService;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.exceptions.BeanInstantiationException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.orchestrator.grpc.OpenInferenceEndpoint;
import org.rolescope.orchestrator.grpc.OrchestratorEndpoint;

final class OrchestratorConfigurationTest {
  @TempDir private Path folder;

  @Test
  void defaults() {
    try (ApplicationContext context =
        ApplicationContext.run(Map.of("rolescope.orchestrator.enabled", "true"))) {
      assertEquals(
          new OrchestratorConfiguration("127.0.0.1:50051", "127.0.0.1:50052", "runs"),
          context.getBean(OrchestratorConfiguration.class));
      assertEquals(
          new OpenInferenceConfiguration(256, 64 << 20),
          context.getBean(OpenInferenceConfiguration.class));
    }
  }

  @Test
  void everyProperty() {
    try (ApplicationContext context =
        ApplicationContext.run(
            Map.of(
                "rolescope.orchestrator.enabled", "true",
                "rolescope.orchestrator.inference", "in-process:rolescope",
                "rolescope.orchestrator.metrics", "localhost:1",
                "rolescope.orchestrator.runs-directory", folder.toString(),
                "rolescope.orchestrator.open-inference.max-prompts", "3",
                "rolescope.orchestrator.open-inference.max-answer-bytes", "1000"))) {
      assertEquals(
          new OrchestratorConfiguration("in-process:rolescope", "localhost:1", folder.toString()),
          context.getBean(OrchestratorConfiguration.class));
      assertEquals(
          new OpenInferenceConfiguration(3, 1000),
          context.getBean(OpenInferenceConfiguration.class));
    }
  }

  @Test
  void theEndpointsAreServicesThatCloseWithTheApplication() {
    OrchestratorServices services;
    try (ApplicationContext context =
        ApplicationContext.run(
            Map.of(
                "rolescope.orchestrator.enabled",
                "true",
                "rolescope.orchestrator.runs-directory",
                folder.toString()))) {
      assertEquals(
          Set.of(OrchestratorEndpoint.class, OpenInferenceEndpoint.class),
          context.getBeansOfType(BindableService.class).stream()
              .map(Object::getClass)
              .collect(Collectors.toSet()));
      services = context.getBean(OrchestratorServices.class);
      assertEquals(List.of(), services.runs().list());
    }
    assertTrue(services.executor().isShutdown());
  }

  @Test
  void nothingIsThereUnlessEnabled() {
    try (ApplicationContext context = ApplicationContext.run()) {
      assertFalse(context.containsBean(BindableService.class));
      assertFalse(context.containsBean(OrchestratorConfiguration.class));
    }
  }

  @Test
  void aBadAddressStopsTheStart() {
    try (ApplicationContext context =
        ApplicationContext.run(
            Map.of(
                "rolescope.orchestrator.enabled", "true",
                "rolescope.orchestrator.inference", "nowhere"))) {
      BeanInstantiationException failed =
          assertThrows(
              BeanInstantiationException.class, () -> context.getBean(OrchestratorEndpoint.class));
      assertTrue(failed.getMessage().contains("is no service address"), failed.getMessage());
    }
  }
}

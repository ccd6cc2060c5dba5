package org.rolescope.inference.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.BindableService;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.exceptions.BeanContextException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.inference.grpc.InferenceEndpoint;

/** Pins every property and its default. */
final class InferenceConfigurationTest {
  @Test
  void defaults() {
    try (ApplicationContext context = context(Map.of())) {
      assertThat(context.getBean(InferenceConfiguration.class))
          .isEqualTo(
              new InferenceConfiguration(
                  true,
                  "rolescope-data/models",
                  256,
                  1024,
                  10_000,
                  256L << 20,
                  4096,
                  256L << 20,
                  256L << 20,
                  2,
                  64,
                  0,
                  0,
                  "cpu",
                  "float32"));
      assertThat(context.getBeansOfType(BindableService.class))
          .hasExactlyElementsOfTypes(InferenceEndpoint.class);
    }
  }

  @Test
  void everyPropertyCanBeSet() {
    Map<String, Object> properties =
        new HashMap<>(
            Map.of(
                "rolescope.inference.models-directory", "/models",
                "rolescope.inference.max-batch-prompts", 8,
                "rolescope.inference.max-batch-tokens", 7,
                "rolescope.inference.max-prompts-per-request", 9,
                "rolescope.inference.max-tensor-bytes", 10 << 20,
                "rolescope.inference.max-concurrent-passes", 1,
                "rolescope.inference.max-waiting-passes", 2,
                "rolescope.inference.memory-budget", 4_000_000_000L,
                "rolescope.inference.threads", 3,
                "rolescope.inference.compute-type", "float16"));
    properties.put("rolescope.inference.max-interventions", 5);
    properties.put("rolescope.inference.max-intervention-bytes", 6);
    properties.put("rolescope.inference.max-sweep-bytes", 11 << 20);
    try (ApplicationContext context = context(properties)) {
      assertThat(context.getBean(InferenceConfiguration.class))
          .isEqualTo(
              new InferenceConfiguration(
                  true,
                  "/models",
                  8,
                  7,
                  9,
                  10 << 20,
                  5,
                  6,
                  11 << 20,
                  1,
                  2,
                  4_000_000_000L,
                  3,
                  "cpu",
                  "float16"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "models-directory, ''",
    "max-batch-prompts, 0",
    "max-batch-prompts, 4097",
    "max-prompts-per-request, 0",
    "max-tensor-bytes, 1",
    "max-interventions, -1",
    "max-intervention-bytes, -1",
    "max-sweep-bytes, 1",
    "max-concurrent-passes, 0",
    "max-waiting-passes, 0",
    "max-batch-tokens, 0",
    "memory-budget, -1",
    "threads, -1",
    "threads, 1025"
  })
  void valuesOutOfBoundsAreRefused(String property, String value) {
    try (ApplicationContext context = context(Map.of("rolescope.inference." + property, value))) {
      assertThatThrownBy(() -> context.getBean(InferenceConfiguration.class))
          .isInstanceOf(BeanContextException.class);
    }
  }

  @Test
  void nothingIsThereUnlessEnabled() {
    try (ApplicationContext context = ApplicationContext.builder().banner(false).start()) {
      assertThat(context.containsBean(InferenceConfiguration.class)).isFalse();
      assertThat(context.containsBean(BindableService.class)).isFalse();
    }
  }

  private static ApplicationContext context(Map<String, Object> properties) {
    Map<String, Object> all = new HashMap<>(properties);
    all.put("rolescope.inference.enabled", "true");
    return ApplicationContext.builder()
        .banner(false)
        .deduceEnvironment(false)
        .properties(all)
        .start();
  }
}

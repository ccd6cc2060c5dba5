package org.rolescope.inference.config;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import org.rolescope.inference.catalog.ModelCatalog;
import org.rolescope.inference.forward.PassLimits;
import org.rolescope.inference.grpc.InferenceEndpoint;
import org.rolescope.inference.intervene.InterventionLimits;
import org.rolescope.inference.session.ComputeType;
import org.rolescope.inference.session.Device;
import org.rolescope.inference.session.Execution;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.inference.session.OnnxRuntime;
import org.rolescope.inference.tokenizer.TokenizerCache;

/** Beans of the inference service; only there where it is enabled. */
@Factory
@Requires(property = "rolescope.inference.enabled", value = "true")
final class InferenceFactory {
  private static final String PASSES = "inference-passes";

  @Singleton
  @Named(PASSES)
  @Bean(preDestroy = "stop")
  PassThreads passes(InferenceConfiguration configuration) {
    return new PassThreads(PASSES, configuration);
  }

  @Singleton
  ModelCatalog modelCatalog(InferenceConfiguration configuration) {
    return new ModelCatalog(Path.of(configuration.modelsDirectory()));
  }

  @Singleton
  @Bean(preDestroy = "close")
  TokenizerCache tokenizers() {
    return new TokenizerCache();
  }

  @Singleton
  @Bean(preDestroy = "close")
  ModelResidency residency(InferenceConfiguration configuration) {
    OnnxRuntime.useThreads(configuration.threads());
    Execution execution =
        new Execution(
            Device.of(configuration.device()), ComputeType.of(configuration.computeType()));
    execution.check();
    return new ModelResidency(configuration.memoryBudget(), execution);
  }

  @Singleton
  InferenceEndpoint inferenceEndpoint(
      InferenceConfiguration configuration,
      ModelCatalog catalog,
      TokenizerCache tokenizers,
      ModelResidency residency,
      @Named(PASSES) ExecutorService passes) {
    return new InferenceEndpoint(
        catalog,
        tokenizers,
        residency,
        new PassLimits(
            configuration.maxBatchPrompts(),
            configuration.maxBatchTokens(),
            configuration.maxTensorBytes()),
        new InterventionLimits(
            configuration.maxInterventions(),
            configuration.maxInterventionBytes(),
            configuration.maxSweepBytes()),
        configuration.maxPromptsPerRequest(),
        passes);
  }
}

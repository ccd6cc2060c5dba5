package org.rolescope.inference.config;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.rolescope.inference.catalog.ModelCatalog;
import org.rolescope.inference.forward.PassLimits;
import org.rolescope.inference.grpc.InferenceEndpoint;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.inference.session.OnnxRuntime;
import org.rolescope.inference.tokenizer.TokenizerCache;

/** Beans of the inference service; only there where it is enabled. */
@Factory
@Requires(property = "rolescope.inference.enabled", value = "true")
final class InferenceFactory {
  private static final String PASSES = "inference-passes";

  /** ONNX Runtime walks graphs recursively, which can overflow Java's default stack of 1 MiB. */
  private static final long STACK_BYTES = 64L << 20;

  /** Platform threads: a forward pass is native work that would pin a virtual one. */
  @Singleton
  @Named(PASSES)
  @Bean(preDestroy = "shutdownNow")
  ExecutorService passes(InferenceConfiguration configuration) {
    return new ThreadPoolExecutor(
        configuration.maxConcurrentPasses(),
        configuration.maxConcurrentPasses(),
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(configuration.maxWaitingPasses()),
        Thread.ofPlatform().name(PASSES + "-", 0).stackSize(STACK_BYTES).daemon().factory());
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
    return new ModelResidency(configuration.memoryBudget());
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
        configuration.maxPromptsPerRequest(),
        passes);
  }
}

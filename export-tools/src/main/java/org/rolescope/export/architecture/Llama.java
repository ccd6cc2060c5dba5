package org.rolescope.export.architecture;

import org.rolescope.export.checkpoint.Configuration;

/**
 * Llama (2, 3, 3.1, 3.2) and what is built like it (SmolLM2, TinyLlama): RMSNorm, rotary attention
 * with grouped keys and values, SwiGLU; biases only where the configuration asks for them.
 */
public record Llama() implements Architecture {
  @Override
  public String modelType() {
    return "llama";
  }

  @Override
  public String className() {
    return "LlamaForCausalLM";
  }

  @Override
  public Decoder read(Configuration configuration) {
    boolean biased = configuration.flag("attention_bias", false);
    return new RotaryDecoderBuilder(modelType(), configuration)
        .attentionBiases(biased, biased)
        .mlpBias(configuration.flag("mlp_bias", false))
        .build();
  }
}

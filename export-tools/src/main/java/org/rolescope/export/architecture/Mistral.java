package org.rolescope.export.architecture;

import org.rolescope.export.checkpoint.Configuration;

/**
 * Mistral: Llama without biases, where every block slides (v0.1) or none does (v0.2 and later,
 * whose configurations say {@code "sliding_window": null}).
 */
public record Mistral() implements Architecture {
  private static final int DEFAULT_KEY_VALUE_HEADS = 8;

  @Override
  public String modelType() {
    return "mistral";
  }

  @Override
  public String className() {
    return "MistralForCausalLM";
  }

  @Override
  public Decoder read(Configuration configuration) {
    return new RotaryDecoderBuilder(modelType(), configuration)
        .defaultKeyValueHeads(DEFAULT_KEY_VALUE_HEADS)
        .sliding(SlidingBlocks.all(configuration))
        .build();
  }
}

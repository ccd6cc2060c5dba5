package org.rolescope.export.architecture;

import org.rolescope.export.checkpoint.Configuration;

/**
 * Qwen 2 and 2.5: Llama with biases on queries, keys and values, and a sliding window in some
 * blocks where {@code use_sliding_window} says so.
 */
public record Qwen2() implements Architecture {
  private static final int DEFAULT_KEY_VALUE_HEADS = 32;

  @Override
  public String modelType() {
    return "qwen2";
  }

  @Override
  public String className() {
    return "Qwen2ForCausalLM";
  }

  @Override
  public Decoder read(Configuration configuration) {
    return new RotaryDecoderBuilder(modelType(), configuration)
        .defaultKeyValueHeads(DEFAULT_KEY_VALUE_HEADS)
        .attentionBiases(true, false)
        .sliding(SlidingBlocks.some(configuration))
        .build();
  }
}

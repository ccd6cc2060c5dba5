package org.rolescope.export.architecture;

import org.rolescope.export.checkpoint.Configuration;

/**
 * Qwen 3: Llama with an RMSNorm over every query and key head, heads whose size stands apart from
 * the width, and a sliding window as in Qwen 2.
 */
public record Qwen3() implements Architecture {
  private static final int DEFAULT_KEY_VALUE_HEADS = 32;
  private static final int DEFAULT_HEAD_SIZE = 128;

  @Override
  public String modelType() {
    return "qwen3";
  }

  @Override
  public String className() {
    return "Qwen3ForCausalLM";
  }

  @Override
  public Decoder read(Configuration configuration) {
    boolean biased = configuration.flag("attention_bias", false);
    return new RotaryDecoderBuilder(modelType(), configuration)
        .defaultKeyValueHeads(DEFAULT_KEY_VALUE_HEADS)
        .defaultHeadSize(DEFAULT_HEAD_SIZE)
        .attentionBiases(biased, biased)
        .headNorms()
        .sliding(SlidingBlocks.some(configuration))
        .build();
  }
}

package org.rolescope.export.verify;

import java.util.Optional;
import org.rolescope.export.checkpoint.Configuration;

/**
 * Families that share RMSNorm, rotary attention and a gated MLP, with what each of them means where
 * its configuration is silent: the defaults of its class in Hugging Face transformers.
 */
enum GatedFamily {
  /** Llama and what is built like it. */
  LLAMA("llama", "LlamaForCausalLM", 0, 0),
  /** Mistral: sliding window in every layer where the configuration names one. */
  MISTRAL("mistral", "MistralForCausalLM", 8, 0),
  /** Qwen 2 and 2.5: biases on q, k and v. */
  QWEN2("qwen2", "Qwen2ForCausalLM", 32, 0),
  /** Qwen 3: a norm on each head's query and key. */
  QWEN3("qwen3", "Qwen3ForCausalLM", 32, 128);

  private static final int MAX_HEADS = 1 << 14;
  private static final int MAX_HEAD_SIZE = 1 << 12;

  private final String modelType;
  private final String architecture;
  private final int defaultKeyValueHeads;
  private final int defaultHeadSize;

  /** A default of 0 follows from the other sizes. */
  GatedFamily(
      String modelType, String architecture, int defaultKeyValueHeads, int defaultHeadSize) {
    this.modelType = modelType;
    this.architecture = architecture;
    this.defaultKeyValueHeads = defaultKeyValueHeads;
    this.defaultHeadSize = defaultHeadSize;
  }

  /** The family a configuration names, by either of its two names. */
  static Optional<GatedFamily> of(Configuration configuration) {
    for (GatedFamily family : values()) {
      if (configuration.text("model_type").stream().anyMatch(family.modelType::equals)
          || configuration.texts("architectures").contains(family.architecture)) {
        return Optional.of(family);
      }
    }
    return Optional.empty();
  }

  int keyValueHeads(Configuration configuration, int heads) {
    return configuration.size(
        "num_key_value_heads",
        MAX_HEADS,
        whenSilent(configuration, "num_key_value_heads", defaultKeyValueHeads, heads));
  }

  int headSize(Configuration configuration, int hidden, int heads) {
    return configuration.size(
        "head_dim",
        MAX_HEAD_SIZE,
        whenSilent(configuration, "head_dim", defaultHeadSize, Math.max(1, hidden / heads)));
  }

  /** Null asks for what follows from the sizes, absence for the family's own number. */
  private static int whenSilent(
      Configuration configuration, String field, int familyDefault, int following) {
    boolean absent = !configuration.fields().has(field);
    return absent && familyDefault > 0 ? familyDefault : following;
  }

  /** Whether q, k and v have biases. */
  boolean hasQueryKeyValueBias(Configuration configuration) {
    return this == QWEN2 || hasOutputBias(configuration);
  }

  /** Whether the output projection of attention has a bias. */
  boolean hasOutputBias(Configuration configuration) {
    return switch (this) {
      case LLAMA, QWEN3 -> configuration.flag("attention_bias", false);
      case MISTRAL, QWEN2 -> false;
    };
  }

  /** Whether the three matrices of the MLP have biases. */
  boolean hasMlpBias(Configuration configuration) {
    return this == LLAMA && configuration.flag("mlp_bias", false);
  }

  /** Whether queries and keys are normalised, each head by itself. */
  boolean hasHeadNorms() {
    return this == QWEN3;
  }
}

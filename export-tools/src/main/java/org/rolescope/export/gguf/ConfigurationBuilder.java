package org.rolescope.export.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.rolescope.export.checkpoint.Quantisation;
import org.rolescope.fault.RolescopeException;

/** Makes the {@code config.json} of a file from its metadata and its tensors. */
final class ConfigurationBuilder {
  /** Far above any model; the exporter has limits of its own. */
  private static final int MAX_SIZE = 1 << 30;

  /** Only Mistral 0.1 among the Llama-like models: every layer slides. */
  private static final String WINDOW = "attention.sliding_window";

  /** Settings of other families that change what a model computes. */
  private static final Set<String> UNSUPPORTED =
      Set.of(
          "attention.scale",
          "attention.clamp_kqv",
          "attn_logit_softcapping",
          "final_logit_softcapping",
          "logit_scale",
          "residual_scale",
          "embedding_scale");

  private final GgufFamily family;
  private final Metadata metadata;
  private final Map<String, GgufTensor> tensors;
  private final RotarySettings rotary;
  private final int heads;
  private final int hiddenSize;
  private final int headSize;

  ConfigurationBuilder(GgufFile file) {
    metadata = file.metadata();
    family = GgufFamily.of(metadata);
    tensors =
        file.tensors().stream()
            .collect(
                Collectors.toMap(GgufTensor::name, tensor -> tensor, (a, _) -> a, TreeMap::new));
    checkSupported();
    heads = metadata.size(key("attention.head_count"), MAX_SIZE);
    hiddenSize = metadata.size(key("embedding_length"), MAX_SIZE);
    headSize = readHeadSize();
    rotary = new RotarySettings(file, family, headSize);
  }

  /** Rows of a query or key head. */
  int headSize() {
    return headSize;
  }

  private int readHeadSize() {
    int size = metadata.whole(key("attention.key_length"), 1, MAX_SIZE).orElse(hiddenSize / heads);
    for (String same : List.of("attention.value_length", "rope.dimension_count")) {
      int other = metadata.whole(key(same), 1, MAX_SIZE).orElse(size);
      if (other != size) {
        throw Defect.unsupported(
            metadata.file(),
            "says %s = %d where heads have size %d".formatted(key(same), other, size),
            "export another model");
      }
    }
    if (size < 2 || size % 2 != 0) {
      throw new Defect.Contradiction("its heads have size %d, not an even number".formatted(size))
          .in(metadata.file());
    }
    return size;
  }

  /** The configuration, as Hugging Face transformers spells it. */
  ObjectNode build() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    boolean slides = countOrZero(WINDOW) > 0;
    root.putArray("architectures").add(slides ? "MistralForCausalLM" : family.className());
    root.put("model_type", slides ? "mistral" : family.architecture());
    root.put("vocab_size", vocabularySize());
    root.put("hidden_size", hiddenSize);
    root.put("intermediate_size", metadata.size(key("feed_forward_length"), MAX_SIZE));
    root.put("num_hidden_layers", metadata.size(key("block_count"), MAX_SIZE));
    root.put("num_attention_heads", heads);
    root.put(
        "num_key_value_heads",
        metadata.whole(key("attention.head_count_kv"), 1, MAX_SIZE).orElse(heads));
    root.put("head_dim", headSize);
    root.put("hidden_act", "silu");
    root.put("max_position_embeddings", rotary.contextLength());
    root.put("rms_norm_eps", number("attention.layer_norm_rms_epsilon"));
    root.put("rope_theta", rotary.theta());
    rotary.scaling().ifPresent(scaling -> root.set("rope_scaling", scaling));
    if (slides) {
      root.put("sliding_window", countOrZero(WINDOW));
    }
    root.put("attention_bias", tensors.containsKey(TensorNames.QUERY_BIAS));
    root.put("mlp_bias", tensors.containsKey(TensorNames.MLP_BIAS));
    root.put("tie_word_embeddings", !tensors.containsKey(TensorNames.UNEMBEDDING));
    ArrayNode quantised = root.putArray(Quantisation.FIELD);
    quantisation().forEach(quantised::add);
    return root;
  }

  /** The types of quantised tensors, in the order of the format. */
  private List<String> quantisation() {
    return tensors.values().stream()
        .map(GgufTensor::type)
        .filter(GgufType::isQuantised)
        .distinct()
        .sorted(Comparator.naturalOrder())
        .map(GgufType::name)
        .toList();
  }

  /**
   * Rows of the embedding: the count in the metadata, where there is one, may leave out padding.
   */
  int vocabularySize() {
    GgufTensor embedding = tensors.get(TensorNames.EMBEDDING);
    if (embedding == null) {
      throw new Defect.Missing("tensor " + TensorNames.EMBEDDING).in(metadata.file());
    }
    return (int) Math.min(embedding.rows(), Integer.MAX_VALUE);
  }

  private void checkSupported() {
    for (String setting : UNSUPPORTED) {
      if (metadata.has(key(setting))) {
        throw unsupported(setting);
      }
    }
    if (countOrZero("expert_count") > 0) {
      throw unsupported("expert_count");
    }
    if (family != GgufFamily.LLAMA && countOrZero(WINDOW) > 0) {
      throw unsupported(WINDOW);
    }
  }

  private RolescopeException unsupported(String setting) {
    return Defect.unsupported(
        metadata.file(),
        "has the setting %s".formatted(key(setting)),
        "export the original checkpoint instead");
  }

  private int countOrZero(String name) {
    return metadata.whole(key(name), 0, MAX_SIZE).orElse(0);
  }

  private double number(String name) {
    return metadata
        .number(key(name))
        .orElseThrow(() -> new Defect.Missing(key(name)).in(metadata.file()));
  }

  private String key(String name) {
    return family.architecture() + "." + name;
  }
}

package org.rolescope.bench.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The small JSON files of a checkpoint. */
final class SideFiles {
  /** Entries of the tokenizer; prompts use no others, and no file of megabytes is needed. */
  static final int MAX_TOKENS = 1024;

  private static final int MISTRAL_WINDOW = 4096;

  private SideFiles() {}

  static void write(Path folder, ModelShape shape, StoredFloat type) throws IOException {
    Files.writeString(folder.resolve("config.json"), configuration(shape, type).toPrettyString());
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer(shape).toPrettyString());
  }

  static ObjectNode configuration(ModelShape shape, StoredFloat type) {
    ObjectNode config = object();
    config.putArray("architectures").add(shape.family().className());
    config.put("model_type", shape.family().modelType());
    config.put("num_hidden_layers", shape.layers());
    config.put("hidden_size", shape.hidden());
    config.put("num_attention_heads", shape.heads());
    config.put("num_key_value_heads", shape.keyValueHeads());
    config.put("intermediate_size", shape.intermediate());
    config.put("vocab_size", shape.vocabulary());
    config.put("max_position_embeddings", shape.context());
    config.put("tie_word_embeddings", shape.tied());
    config.put("rope_theta", shape.ropeTheta());
    config.put("rms_norm_eps", 1e-5);
    config.put("hidden_act", "silu");
    config.put("torch_dtype", type.torchName());
    addFamily(config, shape);
    return config;
  }

  private static void addFamily(ObjectNode config, ModelShape shape) {
    switch (shape.family()) {
      case LLAMA -> {
        if (shape.name().startsWith("llama-3.1")) {
          config.set("rope_scaling", llama3Scaling());
        }
      }
      case MISTRAL -> config.put("sliding_window", MISTRAL_WINDOW);
      case QWEN2 -> config.put("use_sliding_window", false);
    }
  }

  private static ObjectNode llama3Scaling() {
    return object()
        .put("rope_type", "llama3")
        .put("factor", 8.0)
        .put("low_freq_factor", 1.0)
        .put("high_freq_factor", 4.0)
        .put("original_max_position_embeddings", 8192);
  }

  private static ObjectNode tokenizer(ModelShape shape) {
    ObjectNode tokenizer = object().put("version", "1.0");
    tokenizer.putNull("truncation").putNull("padding").putArray("added_tokens");
    tokenizer.putNull("normalizer");
    tokenizer.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
    tokenizer.putNull("post_processor").putNull("decoder");
    ObjectNode model = tokenizer.putObject("model").put("type", "WordLevel").put("unk_token", "t0");
    ObjectNode vocabulary = model.putObject("vocab");
    for (int token = 0; token < Math.min(shape.vocabulary(), MAX_TOKENS); token++) {
      vocabulary.put("t" + token, token);
    }
    return tokenizer;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}

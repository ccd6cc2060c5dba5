package org.rolescope.export.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.rolescope.export.architecture.Architecture;
import org.rolescope.export.architecture.Decoder;
import org.rolescope.export.architecture.TensorRequirement;
import org.rolescope.export.checkpoint.Configuration;

/** Writes checkpoints of random weights: whatever tensors a configuration calls for. */
public final class TinyModel {
  private static final long SEED = 20;

  private final String configuration;
  private UnaryOperator<String> types = name -> "F32";
  private UnaryOperator<String> names = name -> name;

  /** A model with this {@code config.json}. */
  public TinyModel(String configuration) {
    this.configuration = configuration;
  }

  /** Sizes all rotary families share: 3 blocks, 4 heads of 8, 2 key/value heads, 50 tokens. */
  public static TinyModel rotary(String modelType, String className, String more) {
    return new TinyModel(
        """
        {"model_type": "%s", "architectures": ["%s"], "hidden_size": 24, "head_dim": 8,
        "num_attention_heads": 4, "num_key_value_heads": 2, "num_hidden_layers": 3,
        "intermediate_size": 40, "vocab_size": 50, "max_position_embeddings": 32,
        "rms_norm_eps": 1e-6%s}"""
            .formatted(modelType, className, more));
  }

  /** A GPT-2 of 3 blocks, 4 heads of 6, 50 tokens. */
  public static TinyModel gpt2(String more) {
    return new TinyModel(
        """
        {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_embd": 24, "n_head": 4,
        "n_layer": 3, "n_positions": 32, "vocab_size": 50%s}"""
            .formatted(more));
  }

  /** The same, each tensor stored in the type this gives for its name. */
  public TinyModel storedAs(UnaryOperator<String> typeOfName) {
    types = typeOfName;
    return this;
  }

  /** The same, each tensor under the name this gives. */
  public TinyModel named(UnaryOperator<String> nameOfName) {
    names = nameOfName;
    return this;
  }

  /** Writes the snapshot into a new folder. */
  public Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), configuration);
    Files.writeString(
        folder.resolve("tokenizer.json"),
        "{\"model\": {\"type\": \"WordLevel\", \"vocab\": {\"a\": 0}, \"unk_token\": \"a\"}}");
    Decoder model = Architecture.decoder(Configuration.read(folder.resolve("config.json")));
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    Map<String, SafetensorsBytes.Tensor> tensors = new LinkedHashMap<>();
    for (TensorRequirement tensor : model.tensors()) {
      boolean scale = tensor.shape().size() == 1 && tensor.name().endsWith("weight");
      float[] values = new float[(int) tensor.elementCount()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian(scale ? 1 : 0, 0.3);
      }
      tensors.put(
          names.apply(tensor.name()),
          SafetensorsBytes.floats(types.apply(tensor.name()), tensor.shape(), values));
    }
    SafetensorsBytes.write(folder.resolve("model.safetensors"), tensors);
    return folder;
  }
}

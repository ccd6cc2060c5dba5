package org.rolescope.export.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rolescope.export.architecture.Architecture;
import org.rolescope.export.architecture.Decoder;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.export.safetensors.SafetensorsFile;
import org.rolescope.export.testing.GgufBytes;
import org.rolescope.export.testing.GgufFiles;
import org.rolescope.export.testing.TinyModel;

/** Checkpoints of every family as GGUF and back: the same model with the same weights. */
class GgufFamiliesTest {
  private static final String BIASED = ", \"attention_bias\": true, \"mlp_bias\": true";
  private static final String TIED = ", \"tie_word_embeddings\": true";

  @TempDir Path folder;

  static Stream<Arguments> models() {
    return Stream.of(
        model("llama", "LlamaForCausalLM", "llama", "", file -> file),
        model("llama", "LlamaForCausalLM", "llama", BIASED, file -> file),
        model("llama", "LlamaForCausalLM", "llama", TIED, file -> file),
        model(
            "mistral",
            "MistralForCausalLM",
            "llama",
            ", \"sliding_window\": 7",
            file -> file.whole("llama.attention.sliding_window", 7)),
        model("qwen2", "Qwen2ForCausalLM", "qwen2", "", file -> file),
        model("qwen3", "Qwen3ForCausalLM", "qwen3", TIED, file -> file),
        model(
            "llama",
            "LlamaForCausalLM",
            "llama",
            ", \"rope_theta\": 500000.0",
            file -> file.real("llama.rope.freq_base", 500_000)),
        model(
            "llama",
            "LlamaForCausalLM",
            "llama",
            ", \"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 2.5}",
            file ->
                file.text("llama.rope.scaling.type", "linear")
                    .real("llama.rope.scaling.factor", 2.5f)),
        model(
            "qwen2",
            "Qwen2ForCausalLM",
            "qwen2",
            ", \"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 4.0,"
                + " \"original_max_position_embeddings\": 16}",
            file ->
                file.text("qwen2.rope.scaling.type", "yarn")
                    .real("qwen2.rope.scaling.factor", 4)
                    .whole("qwen2.rope.scaling.original_context_length", 16)),
        // Wavelengths 2 pi 500000^(i/4): 6.3, 167, 4443, 118143; blended from 2048 to 8192.
        model(
            "llama",
            "LlamaForCausalLM",
            "llama",
            ", \"rope_theta\": 500000.0, \"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\":"
                + " 8.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,"
                + " \"original_max_position_embeddings\": 8192}",
            file ->
                file.real("llama.rope.freq_base", 500_000)
                    .tensor("rope_freqs.weight", 0, floats(1, 1, 1 / blend(8, 4442.8829), 8), 4)));
  }

  private static double blend(double factor, double wavelength) {
    double smooth = (8_192 / wavelength - 1) / 3;
    return (1 - smooth) / factor + smooth;
  }

  @ParameterizedTest(name = "{0}{3}")
  @MethodSource("models")
  void theModelIsTheSame(
      String modelType,
      String className,
      String architecture,
      String more,
      UnaryOperator<GgufBytes> settings)
      throws IOException {
    Path original = TinyModel.rotary(modelType, className, more).write(folder.resolve("original"));
    GgufBytes file = settings.apply(metadata(architecture));
    GgufFiles.addTensors(file, original, "F32", architecture.equals("llama") ? 8 : 0);
    Path made =
        GgufCheckpoint.make(Files.write(folder.resolve("model.gguf"), file.build())).folder();
    assertEquals(decoder(original), decoder(made));
    SafetensorsFile expected = SafetensorsFile.read(original.resolve("model.safetensors"));
    SafetensorsFile actual = SafetensorsFile.read(made.resolve("model.safetensors"));
    assertEquals(expected.tensors().keySet(), actual.tensors().keySet());
    for (String name : expected.tensors().keySet()) {
      assertArrayEquals(
          GgufFiles.numbers(expected, name), GgufFiles.numbers(actual, name), 0, name);
    }
  }

  private static Decoder decoder(Path snapshot) {
    return Architecture.decoder(Configuration.read(snapshot.resolve("config.json")));
  }

  private static GgufBytes metadata(String architecture) {
    String prefix = architecture + ".";
    return new GgufBytes()
        .text("general.architecture", architecture)
        .whole(prefix + "context_length", 32)
        .whole(prefix + "embedding_length", 24)
        .whole(prefix + "block_count", 3)
        .whole(prefix + "feed_forward_length", 40)
        .whole(prefix + "attention.head_count", 4)
        .whole(prefix + "attention.head_count_kv", 2)
        .whole(prefix + "attention.key_length", 8)
        .whole(prefix + "attention.value_length", 8)
        .real(prefix + "attention.layer_norm_rms_epsilon", 1e-6f)
        .text("tokenizer.ggml.model", "gpt2")
        .text("tokenizer.ggml.pre", "qwen2")
        .texts("tokenizer.ggml.tokens", List.of("a", "b", "ab", "[PAD3]"))
        .wholes("tokenizer.ggml.token_type", List.of(1, 1, 1, 5))
        .texts("tokenizer.ggml.merges", List.of("a b"));
  }

  private static byte[] floats(double... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      bytes.putFloat((float) value);
    }
    return bytes.array();
  }

  private static Arguments model(
      String modelType,
      String className,
      String architecture,
      String more,
      UnaryOperator<GgufBytes> settings) {
    return arguments(modelType, className, architecture, more, settings);
  }
}

package org.rolescope.inference.grpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.bio.npy.NpyFile;

/**
 * The arrays of examples/demo-models/reference, written by an independent float64 forward pass; see
 * the README there.
 */
final class ReferenceActivations {
  private static final Path FOLDER = Path.of("../examples/demo-models/reference");
  private static final String BEGIN_TOKEN = "<|begin_of_text|>";

  private ReferenceActivations() {}

  /** Texts of a model's prompts without the begin token, which the tokenizer adds. */
  static List<String> prompts(String model) {
    List<String> prompts = new ArrayList<>();
    for (JsonNode prompt : read()) {
      if (prompt.get("model").asText().equals(model)) {
        prompts.add(prompt.get("text").asText().substring(BEGIN_TOKEN.length()));
      }
    }
    return prompts;
  }

  /** Pattern of a layer, [head, query_pos, key_pos] row-major. */
  static float[] pattern(String model, int prompt, int layer) {
    return floats(model, prompt, "attention_layer_" + layer);
  }

  /** Logits of the last position. */
  static float[] logits(String model, int prompt) {
    return floats(model, prompt, "logits");
  }

  /** Token ids. */
  static long[] tokenIds(String model, int prompt) {
    return NpyFile.read(file(model, prompt, "ids"), Integer.MAX_VALUE).asLongArray();
  }

  private static float[] floats(String model, int prompt, String array) {
    return NpyFile.read(file(model, prompt, array), Integer.MAX_VALUE).asFloatArray();
  }

  private static Path file(String model, int prompt, String array) {
    return FOLDER.resolve(model).resolve("prompt_" + prompt).resolve(array + ".npy");
  }

  private static JsonNode read() {
    try {
      return new ObjectMapper().readTree(FOLDER.resolve("prompts.json").toFile());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}

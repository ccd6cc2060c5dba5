package org.rolescope.inference.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * Tokens that a tokenizer class puts around a text whatever {@code tokenizer.json} says. A few
 * classes of Hugging Face transformers (4.57.3) replace the post-processor of that file by one they
 * build from {@code add_bos_token} and {@code add_eos_token}; all others leave it as it is and pay
 * these two no heed.
 *
 * @param begin the token put first, where there is one
 * @param end the token put last, where there is one
 */
record AddedEnds(Optional<String> begin, Optional<String> end) {
  /** What the classes take for a token that is not configured. */
  private static final Map<String, Defaults> CLASSES =
      Map.of(
          "LlamaTokenizer", new Defaults(true, "<s>", "</s>"),
          "CodeLlamaTokenizer", new Defaults(true, "<s>", "</s>"),
          "GemmaTokenizer", new Defaults(true, "<bos>", "<eos>"),
          "CohereTokenizer", new Defaults(true, "<BOS_TOKEN>", "<|END_OF_TURN_TOKEN|>"),
          "GPTNeoXTokenizer", new Defaults(false, "<|endoftext|>", "<|endoftext|>"));

  /**
   * Those of a tokenizer.
   *
   * @param configuration {@code tokenizer_config.json}
   * @param specialTokens special tokens by name
   * @return empty where {@code tokenizer.json} has the say
   */
  static Optional<AddedEnds> of(JsonNode configuration, Map<String, String> specialTokens) {
    String name = configuration.path("tokenizer_class").asText().replaceFirst("Fast$", "");
    return Optional.ofNullable(CLASSES.get(name))
        .map(
            defaults ->
                new AddedEnds(
                    configuration.path("add_bos_token").asBoolean(defaults.addBegin())
                        ? Optional.of(specialTokens.getOrDefault("bos_token", defaults.begin()))
                        : Optional.empty(),
                    configuration.path("add_eos_token").asBoolean(false)
                        ? Optional.of(specialTokens.getOrDefault("eos_token", defaults.end()))
                        : Optional.empty()));
  }

  private record Defaults(boolean addBegin, String begin, String end) {}
}

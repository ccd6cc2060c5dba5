package org.rolescope.inference.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens that end an answer, and how tokens are spelt. */
final class EndTokensTest {
  private static final Path TOKENIZER = Path.of("src/test/resources/golden/llama/tokenizer.json");
  private static final int VOCABULARY = 160;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "5; [7, 6]; null; 6 7",
        "5; null; null; 5",
        "5; 8; t9; 8 9",
        "null; null; t9; 9",
        "[4, 3]; null; no such token; 3 4",
        "null; [160, -1, 2]; null; 2",
        "null; null; null; ''"
      })
  void generationSettingsGoBeforeTheModelsAndTheTokenizersIsAdded(
      String model, String generation, String tokenizer, String expected) throws IOException {
    Files.copy(TOKENIZER, folder.resolve("tokenizer.json"));
    write("config.json", "{\"eos_token_id\": %s}".formatted(model));
    write("generation_config.json", "{\"eos_token_id\": %s}".formatted(generation));
    write(
        "tokenizer_config.json",
        tokenizer.equals("null") ? "{}" : "{\"eos_token\": \"%s\"}".formatted(tokenizer));
    try (PromptTokenizer opened = open()) {
      List<Long> ends =
          List.of(expected.split(" ")).stream()
              .filter(id -> !id.isEmpty())
              .map(Long::valueOf)
              .toList();
      assertThat(opened.endTokens()).containsExactlyElementsOf(ends);
    }
  }

  @Test
  void tokensAreSpeltAsInTheVocabulary() throws IOException {
    Files.copy(TOKENIZER, folder.resolve("tokenizer.json"));
    try (PromptTokenizer opened = open()) {
      assertThat(opened.spelling(31)).isEqualTo("t31");
      assertThat(opened.spelling(1000)).isEmpty();
      assertThat(opened.decode(List.of(3L, 1L))).isEqualTo("t3 t1");
    }
  }

  private PromptTokenizer open() {
    return PromptTokenizer.open(folder.resolve("tokenizer.json"), VOCABULARY, 128);
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }
}

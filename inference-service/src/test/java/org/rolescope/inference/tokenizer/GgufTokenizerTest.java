package org.rolescope.inference.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.export.gguf.GgufCheckpoint;

/** Token ids of tokenizers rebuilt from GGUF files ({@code reference/gguf/make_golden.py}). */
final class GgufTokenizerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path GOLDEN = Path.of("../export-tools/src/test/resources/gguf");
  private static final Path ORIGINAL = Path.of("../examples/demo-models/base/tokenizer.json");
  private static final Path PROMPTS =
      Path.of("../orchestrator/src/main/resources/org/rolescope/orchestrator/prompts/default.json");

  @TempDir Path folder;

  @Test
  void idsOfAllDefaultPromptsAreThoseOfTheOriginal() throws IOException {
    List<String> prompts = new ArrayList<>();
    JSON.readTree(PROMPTS.toFile())
        .path("categories")
        .forEach(list -> list.forEach(prompt -> prompts.add(prompt.asText())));
    assertThat(prompts).hasSize(120);
    try (PromptTokenizer original = PromptTokenizer.open(ORIGINAL, 1600, 256);
        PromptTokenizer rebuilt = PromptTokenizer.open(tokenizer("demo-q8.gguf"), 1600, 256)) {
      assertThat(rebuilt.tokenize(prompts)).isEqualTo(original.tokenize(prompts));
    }
  }

  @Test
  void piecesAreThoseOfSentencePiece() throws IOException {
    // Token ids by sentencepiece 0.2.3, begin token included.
    JsonNode golden = JSON.readTree(GOLDEN.resolve("pieces.json").toFile());
    assertThat(golden).hasSize(8);
    try (PromptTokenizer rebuilt = PromptTokenizer.open(tokenizer("pieces.gguf"), 700, 128)) {
      for (JsonNode each : golden) {
        List<Long> ids = new ArrayList<>();
        each.path("ids").forEach(id -> ids.add(id.asLong()));
        String text = each.path("text").asText();
        assertThat(rebuilt.tokenize(List.of(text)).getFirst().tokenIds()).as(text).isEqualTo(ids);
      }
    }
  }

  private Path tokenizer(String name) throws IOException {
    Path copy = Files.copy(GOLDEN.resolve(name), folder.resolve(name));
    return GgufCheckpoint.make(copy).folder().resolve("tokenizer.json");
  }
}

package org.rolescope.inference.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Golden ids: transformers 4.57.3, by reference/prompt-options/make_token_ids.py. */
final class PromptOptionsTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Path CASES = Path.of("src/test/resources/prompt-options");
  private static final List<String> PROMPT = List.of("Who are you?");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama-3",
        "llama-2",
        "mistral",
        "llama-end",
        "llama-without",
        "fast-add-begin",
        "qwen",
        "smollm2",
        "bert"
      })
  void idsAreThoseOfTransformers(String name) throws IOException {
    JsonNode expected = MAPPER.readTree(CASES.resolve(name).resolve("expected.json").toFile());
    JsonNode begin = expected.path("begin");
    try (PromptTokenizer tokenizer = open(CASES.resolve(name))) {
      List<Long> auto = ids(expected.path("auto"));
      TokenizedPrompt prompt = tokenize(tokenizer, BosPolicy.AUTO, false);
      assertThat(prompt.tokenIds()).isEqualTo(auto);
      assertThat(prompt.beginToken().isPresent())
          .isEqualTo(!begin.isNull() && auto.getFirst() == begin.asLong());
      assertThat(prompt.rendered()).isEmpty();
      assertThat(tokenize(tokenizer, BosPolicy.NEVER, false).tokenIds())
          .isEqualTo(ids(expected.path("never")));
      TokenizedPrompt chat = tokenize(tokenizer, BosPolicy.AUTO, true);
      assertThat(chat.tokenIds()).isEqualTo(ids(expected.path("chat")));
      assertThat(chat.rendered().orElseThrow()).endsWith("<|user|> Who are you? <|assistant|>");
      if (begin.isNull()) {
        assertRefused(tokenizer, new PromptOptions(BosPolicy.ALWAYS, false), "has no begin token");
      } else {
        assertThat(tokenize(tokenizer, BosPolicy.ALWAYS, false).tokenIds())
            .startsWith(begin.asLong())
            .containsOnlyOnce(begin.asLong())
            .endsWith(auto.subList(1, auto.size()).toArray(Long[]::new));
        assertThat(tokenize(tokenizer, BosPolicy.ALWAYS, true).tokenIds())
            .startsWith(begin.asLong())
            .containsOnlyOnce(begin.asLong());
        assertThat(tokenize(tokenizer, BosPolicy.NEVER, true).tokenIds())
            .doesNotContain(begin.asLong())
            .isEqualTo(chat.tokenIds().subList(1, chat.length()));
      }
    }
  }

  @Test
  void theBeginTokenMayBeInOtherFiles() throws IOException {
    copy("qwen");
    Files.writeString(folder.resolve("config.json"), "{\"bos_token_id\": 1}");
    assertAlways(1);
    Files.writeString(
        folder.resolve("special_tokens_map.json"), "{\"bos_token\": {\"content\": \"[CLS]\"}}");
    assertAlways(5);
    Files.writeString(folder.resolve("config.json"), "{\"bos_token_id\": 4000}");
    Files.delete(folder.resolve("special_tokens_map.json"));
    try (PromptTokenizer tokenizer = open(folder)) {
      assertRefused(tokenizer, new PromptOptions(BosPolicy.ALWAYS, false), "has no begin token");
    }
  }

  @Test
  void aTemplateMayBeAFileOrOneOfSeveral() throws IOException {
    copy("llama-3");
    ObjectNode configuration =
        (ObjectNode) MAPPER.readTree(folder.resolve("tokenizer_config.json").toFile());
    configuration
        .putArray("chat_template")
        .add(MAPPER.createObjectNode().put("name", "tool_use").put("template", "are"))
        .add(MAPPER.createObjectNode().put("name", "default").put("template", "you"));
    write(configuration);
    assertThat(rendered()).contains("you");
    ((ObjectNode) configuration.at("/chat_template/1")).put("name", "rag");
    write(configuration);
    assertNoTemplate("has chat templates rag, tool_use but none named default");
    configuration.putNull("chat_template");
    write(configuration);
    assertNoTemplate("has no chat template; measure it without one");
    Files.writeString(folder.resolve("chat_template.jinja"), "Who {{ eos_token }}");
    assertThat(rendered()).contains("Who </s>");
  }

  @Test
  void damagedFilesAreNamed() throws IOException {
    copy("llama-3");
    Files.writeString(folder.resolve("tokenizer_config.json"), "{");
    assertThatThrownBy(() -> open(folder))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.MALFORMED_MODEL))
        .hasMessageContaining("tokenizer_config.json is no JSON");
  }

  private void copy(String name) throws IOException {
    for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
      Files.copy(CASES.resolve(name).resolve(file), folder.resolve(file));
    }
  }

  private void write(JsonNode configuration) throws IOException {
    MAPPER.writeValue(folder.resolve("tokenizer_config.json").toFile(), configuration);
  }

  private Optional<String> rendered() {
    try (PromptTokenizer tokenizer = open(folder)) {
      return tokenize(tokenizer, BosPolicy.AUTO, true).rendered();
    }
  }

  private void assertAlways(long id) {
    try (PromptTokenizer tokenizer = open(folder)) {
      assertThat(tokenize(tokenizer, BosPolicy.ALWAYS, false).tokenIds()).startsWith(id);
    }
  }

  private void assertNoTemplate(String sentence) {
    try (PromptTokenizer tokenizer = open(folder)) {
      assertRefused(tokenizer, new PromptOptions(BosPolicy.AUTO, true), sentence);
    }
  }

  private static void assertRefused(
      PromptTokenizer tokenizer, PromptOptions options, String sentence) {
    assertThatThrownBy(() -> tokenizer.tokenize(PROMPT, options))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.INVALID_ARGUMENT))
        .hasMessageContaining(sentence);
  }

  private static TokenizedPrompt tokenize(
      PromptTokenizer tokenizer, BosPolicy bos, boolean chatTemplate) {
    return tokenizer.tokenize(PROMPT, new PromptOptions(bos, chatTemplate)).getFirst();
  }

  private static PromptTokenizer open(Path folder) {
    return PromptTokenizer.open(folder.resolve("tokenizer.json"), 100, 256);
  }

  private static List<Long> ids(JsonNode array) {
    List<Long> ids = new ArrayList<>();
    array.forEach(each -> ids.add(each.asLong()));
    return ids;
  }
}

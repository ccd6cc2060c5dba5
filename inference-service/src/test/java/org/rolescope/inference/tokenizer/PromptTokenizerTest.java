package org.rolescope.inference.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

final class PromptTokenizerTest {
  private static final Path FILE = Path.of("../examples/demo-models/base/tokenizer.json");

  @Test
  void idsAreThoseOfTheReferenceWithTheBeginTokenAdded() {
    // examples/demo-models/reference/prompts.json, base, prompt 0, written by the reference script.
    try (PromptTokenizer tokenizer = PromptTokenizer.open(FILE, 1600, 256)) {
      TokenizedPrompt prompt =
          tokenizer.tokenize(List.of("Question: Who created you?\nAnswer:")).getFirst();
      assertThat(prompt.tokenIds())
          .containsExactly(
              0L, 357L, 30L, 487L, 303L, 276L, 272L, 317L, 291L, 289L, 35L, 203L, 354L, 30L);
      assertThat(prompt.tokens().getFirst()).isEqualTo("<|begin_of_text|>");
    }
  }

  @Test
  void promptsOfDifferentLengthAreNotPadded() {
    try (PromptTokenizer tokenizer = PromptTokenizer.open(FILE, 1600, 256)) {
      assertThat(tokenizer.tokenize(List.of("Who are you?", "Why is the sky blue at noon?")))
          .extracting(TokenizedPrompt::length)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void unusablePromptsAreNamed() {
    try (PromptTokenizer tokenizer = PromptTokenizer.open(FILE, 1600, 12)) {
      assertFault(tokenizer, FaultCode.INVALID_ARGUMENT, "Prompt 1 is empty", "a", " \n");
      assertFault(
          tokenizer,
          FaultCode.INVALID_ARGUMENT,
          "tokens but the model's context ends at 12; shorten it",
          "one two three four five six seven eight nine ten eleven twelve thirteen");
    }
    try (PromptTokenizer tokenizer = PromptTokenizer.open(FILE, 300, 256)) {
      assertFault(
          tokenizer, FaultCode.MALFORMED_MODEL, "the model knows only 300", "Who created you?");
    }
  }

  @Test
  void aFileThatIsNoTokenizerIsRefused(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("tokenizer.json"), "{\"version\": 1");
    assertThatThrownBy(() -> PromptTokenizer.open(file, 1600, 256))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.MALFORMED_MODEL))
        .hasMessageContaining("cannot be read");
  }

  private static void assertFault(
      PromptTokenizer tokenizer, FaultCode code, String sentence, String... prompts) {
    assertThatThrownBy(() -> tokenizer.tokenize(List.of(prompts)))
        .isInstanceOfSatisfying(
            RolescopeException.class, fault -> assertThat(fault.code()).isEqualTo(code))
        .hasMessageContaining(sentence);
  }
}

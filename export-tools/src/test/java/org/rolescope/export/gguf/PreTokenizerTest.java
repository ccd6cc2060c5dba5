package org.rolescope.export.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.fault.RolescopeException;

/** Words against those PyPI's tokenizers 0.23.3 cuts with the patterns of the models' own files. */
class PreTokenizerTest {
  private static final String TEXT = "I'll PAY $12345 (\u00e9)... HelloWorld's OK\n\n  x1";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          llama-bpe;I|'ll| PAY| $|123|45| (|é|)...| HelloWorld|'s| OK|NN| | x|1
          qwen2;I|'ll| PAY| $|1|2|3|4|5| (|é|)...| HelloWorld|'s| OK|NN| | x|1
          tekken;I|'ll| PAY| $|1|2|3|4|5| (|é|)...| Hello|World|'s| OK|NN| | x|1
          smollm;I|'ll| PAY| $|1|2|3|4|5| (|é|)...| HelloWorld|'s| OK|NN | x|1
          gpt-2;I|'ll| PAY| $|12345| (|é|)...| HelloWorld|'s| OK|NN | x|1
          default;I|'|ll| PAY| |$|123|45| |(|é|)...| HelloWorld|'|s| OK|NN | x|1
          """)
  void wordsAreThoseOfTheReference(String name, String words) {
    assertEquals(
        words, String.join("|", words(PreTokenizer.of(metadata(name)))).replace('\n', 'N'));
  }

  @Test
  void otherNamesAreRefused() {
    RolescopeException fault =
        assertThrows(RolescopeException.class, () -> PreTokenizer.of(metadata("falcon")));
    assertTrue(
        fault
            .getMessage()
            .contains(
                "cuts words as falcon does, which cannot be read; those that can be read are"
                    + " llama-bpe, qwen2"),
        fault.getMessage());
    RolescopeException absent =
        assertThrows(
            RolescopeException.class,
            () -> PreTokenizer.of(new Metadata(Path.of("x.gguf"), Map.of())));
    assertTrue(absent.getMessage().contains("does not say how"), absent.getMessage());
  }

  private static Metadata metadata(String name) {
    return new Metadata(
        Path.of("x.gguf"), Map.of("tokenizer.ggml.pre", new MetadataValue.Text(name)));
  }

  /** As Hugging Face tokenizers splits: every match is a word, and what lies between is one. */
  private static List<String> words(PreTokenizer cut) {
    List<String> words = List.of(TEXT);
    for (JsonNode part : cut.json().path("pretokenizers")) {
      if (part.path("type").asText().equals("Split")) {
        Pattern pattern =
            Pattern.compile(
                part.path("pattern").path("Regex").asText(), Pattern.UNICODE_CHARACTER_CLASS);
        words = words.stream().flatMap(word -> split(pattern, word).stream()).toList();
      }
    }
    return words;
  }

  private static List<String> split(Pattern pattern, String text) {
    List<String> words = new ArrayList<>();
    int end = 0;
    for (Matcher match = pattern.matcher(text); match.find(); end = match.end()) {
      words.add(text.substring(end, match.start()));
      words.add(match.group());
    }
    words.add(text.substring(end));
    return words.stream().filter(word -> !word.isEmpty()).toList();
  }
}

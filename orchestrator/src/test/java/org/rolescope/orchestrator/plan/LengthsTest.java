package org.rolescope.orchestrator.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LengthsTest {
  private static final double RELATIVE = 1e-12;

  /** Golden values: reference/prompts/make_golden.py, SciPy's mannwhitneyu. */
  @Test
  void differencesAgreeWithSciPy() throws IOException {
    JsonNode cases = golden().path("cases");
    assertEquals(6, cases.size());
    for (JsonNode each : cases) {
      Lengths.Difference difference =
          lengths(numbers(each.path("first")), numbers(each.path("second")))
              .difference("first", "second");
      double expected = each.path("p_value").doubleValue();
      assertEquals(expected, difference.pValue(), expected * RELATIVE, each::toString);
      assertEquals(each.path("difference").doubleValue(), difference.ofMeans(), 1e-12);
      assertEquals(expected >= 0.05, difference.isBalanced());
    }
  }

  @Test
  void equalLengthsAreBalanced() {
    Lengths.Difference difference =
        lengths(List.of(5, 5, 5), List.of(5, 5)).difference("first", "second");
    assertEquals(1, difference.pValue());
    assertTrue(difference.isBalanced());
    assertEquals(0, difference.ofMeans());
  }

  @Test
  void countsWordsAndCharacters() {
    PromptSet set =
        new PromptSet("s", List.of(new PromptCategory("a", List.of(" Who are\tyou? ", "𝔘?"))));
    assertEquals(List.of(3, 1), Lengths.inWords(set).counts());
    assertEquals(List.of(14, 2), Lengths.inCharacters(set).counts());
    assertEquals(8.0, Lengths.inCharacters(set).of("a").getAverage());
  }

  @Test
  void needsALengthForEachPrompt() {
    PromptSet set = new PromptSet("s", List.of(new PromptCategory("a", List.of("x"))));
    assertThrows(IllegalArgumentException.class, () -> new Lengths("tokens", set, List.of(1, 2)));
  }

  private static Lengths lengths(List<Integer> first, List<Integer> second) {
    PromptSet set =
        new PromptSet(
            "s",
            List.of(
                new PromptCategory("first", Collections.nCopies(first.size(), "x")),
                new PromptCategory("second", Collections.nCopies(second.size(), "x"))));
    List<Integer> all = new ArrayList<>(first);
    all.addAll(second);
    return new Lengths("tokens", set, all);
  }

  private static List<Integer> numbers(JsonNode array) {
    List<Integer> numbers = new ArrayList<>();
    array.forEach(number -> numbers.add(number.intValue()));
    return numbers;
  }

  private static JsonNode golden() throws IOException {
    String resource = "/org/rolescope/orchestrator/prompt_lengths.json";
    try (InputStream in = LengthsTest.class.getResourceAsStream(resource)) {
      return new ObjectMapper().readTree(in);
    }
  }
}

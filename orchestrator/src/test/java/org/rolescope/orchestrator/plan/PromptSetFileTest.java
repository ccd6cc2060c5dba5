package org.rolescope.orchestrator.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

final class PromptSetFileTest {
  private static final String YAML =
      """
      # A comment.
      name: mine
      source: me
      categories:
        self_referent:
          - Who, exactly, are you?
          - 'What "are" you?'
        neutral: ["What is rain?", "Naïve 𝔘?"]
      """;
  private static final String JSON =
      """
      {"name": "mine", "categories": {
        "self_referent": ["Who, exactly, are you?", "What \\"are\\" you?"],
        "neutral": ["What is rain?", "Naïve 𝔘?"]}}
      """;
  private static final String CSV =
      """
      category,prompt,note
      self_referent,"Who, exactly, are you?",a
      neutral,What is rain?,
      self_referent,"What ""are"" you?",b

      neutral,Naïve 𝔘?,c
      """;
  private static final String INDEXED =
      """
      index,category,prompt
      2,self_referent,"What ""are"" you?"
      1,self_referent,"Who, exactly, are you?"
      2,neutral,Naïve 𝔘?
      1,neutral,What is rain?
      """;
  private static final PromptSet EXPECTED =
      new PromptSet(
          "mine",
          List.of(
              new PromptCategory(
                  "self_referent", List.of("Who, exactly, are you?", "What \"are\" you?")),
              new PromptCategory("neutral", List.of("What is rain?", "Naïve 𝔘?"))));

  @TempDir private Path folder;

  @Test
  void everyFormatGivesTheSameSet() throws IOException {
    assertEquals(EXPECTED, PromptSets.read(write("mine.json", JSON)));
    assertEquals(EXPECTED, PromptSets.read(write("mine.yaml", YAML)));
    assertEquals(EXPECTED, PromptSets.read(write("mine.YML", YAML)));
    assertEquals(EXPECTED, PromptSets.read(write("mine.csv", CSV)));
    assertEquals(EXPECTED, PromptSets.read(write("mine.csv", INDEXED)));
  }

  @Test
  void takesWhatSpreadsheetsWrite() throws IOException {
    String spreadsheet = "\uFEFF" + CSV.replace("\n", "\r\n");
    assertEquals(EXPECTED, PromptSets.read(write("mine.csv", spreadsheet)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          name: x | is no prompt set
          categories: {a: [b]} | is no prompt set
          {name: x, categories: {a: b}} | Category a in
          {name: x, categories: {a: [12]}} | holds 12, which is no text
          {name: x, categories: {a: [true]}} | holds true, which is no text
          {name: x, categories: {a: [~]}} | holds null, which is no text
          {name: x, categories: {a: []}} | Category a has no prompts
          {name: x, categories: {a: [ok, " "]}} | Prompt 2 of category a is empty
          {name: x, categories: {a: [b], a: [c]}} | Duplicate field 'a'
          {name: x, categories: {a: [b]} | is no valid YAML
          {name: x, categories: {a: &b [c], d: *b}} | uses a YAML alias (*b)
          {name: &b x, <<: *b} | uses a YAML alias (*b)
          {name: !!java.net.URL [x], categories: {}} | is no prompt set
          `` | is no prompt set
          """)
  void saysWhatIsWrongWithYaml(String yaml, String sentence) throws IOException {
    assertRefused(write("set.yaml", yaml), sentence);
  }

  @Test
  void refusesASecondDocumentAndTabs() throws IOException {
    assertRefused(write("set.yaml", YAML + "---\n" + YAML), "goes on behind its first value");
    assertRefused(write("set.yaml", "name: x\n\tcategories: y\n"), "cannot start any token");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          category;prompt/a;b | it needs one category and one prompt
          category,prompt,prompt/a,b,c | it needs one category and one prompt
          category,prompt,index,index/a,b,1,1 | it needs one category and one prompt
          category,prompt/a | has 1 cells where there are 2 columns
          category,prompt/a,b,c | Row 1 of
          category,prompt/a,"never closed | is no valid CSV
          category,prompt/a,"b" c | is no valid CSV
          category,prompt/a, | Prompt 1 of category a is empty
          category,prompt/,b | A prompt category has no name
          category,prompt | has no categories
          category,prompt,index/a,b,0/a,c,2 | run from 0 to 2 over 2 prompts
          category,prompt,index/a,b,2/a,c,3 | run from 2 to 3 over 2 prompts
          category,prompt,index/a,b,0/c,d,1 | run from 1 to 1 over 1 prompts
          category,prompt,index/a,b,0/a,c,0 | repeats index 0 of category a
          category,prompt,index/a,b,one | has index `one`
          category,prompt,index/a,b,-1 | has index `-1`
          category,prompt,index/a,b,99999999999 | has index `99999999999`
          `` | it needs one category and one prompt
          """)
  void saysWhatIsWrongWithCsv(String lines, String sentence) throws IOException {
    assertRefused(write("set.csv", lines.replace('/', '\n')), sentence);
  }

  @ParameterizedTest
  @ValueSource(strings = {"set.json", "set.yaml", "set.csv"})
  void refusesOtherEncodingsAndHugeFiles(String name) throws IOException {
    Path latin = Files.write(folder.resolve(name), "naïve".getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(latin, "is not in UTF-8");
    Path huge = Files.write(folder.resolve(name), new byte[(4 << 20) + 1]);
    assertRefused(huge, "more than the 4194304 allowed");
  }

  @Test
  void deepAndSelfFeedingYamlEndsSoon() throws IOException {
    assertRefused(write("set.yaml", "[".repeat(1 << 20)), "nesting depth");
    assertRefused(write("set.yaml", "name: x\ncategories: " + "{a: ".repeat(5000)), "nesting");
    StringBuilder bomb = new StringBuilder("a0: &a0 [lol, lol]\n");
    for (int level = 1; level < 30; level++) {
      String before = "*a" + (level - 1);
      bomb.append("a%d: &a%d [%s]\n".formatted(level, level, String.join(", ", before, before)));
    }
    assertRefused(write("set.yaml", bomb.toString()), "uses a YAML alias");
  }

  /** Whatever a file holds, it is a set or one sentence. */
  @ParameterizedTest
  @ValueSource(strings = {"json", "yaml", "csv"})
  void damagedFilesGiveASetOrASentence(String format) throws IOException {
    byte[] whole =
        switch (format) {
          case "json" -> JSON.getBytes(StandardCharsets.UTF_8);
          case "yaml" -> YAML.getBytes(StandardCharsets.UTF_8);
          default -> INDEXED.getBytes(StandardCharsets.UTF_8);
        };
    long seed = 4;
    Random random = new Random(seed);
    int refused = 0;
    for (int round = 0; round < 3000; round++) {
      byte[] damaged = whole.clone();
      for (int change = 0; change <= random.nextInt(4); change++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(128);
      }
      Path file = Files.write(folder.resolve("set." + format), damaged);
      try {
        assertFalse(PromptSets.read(file).categories().isEmpty());
      } catch (RolescopeException fault) {
        assertEquals(FaultCode.INVALID_ARGUMENT, fault.code(), "seed " + seed);
        refused++;
      }
    }
    assertTrue(refused > 100, refused + " refused, seed " + seed);
  }

  private static void assertRefused(Path file, String sentence) {
    RolescopeException fault = assertThrows(RolescopeException.class, () -> PromptSets.read(file));
    assertEquals(FaultCode.INVALID_ARGUMENT, fault.code());
    assertTrue(fault.getMessage().contains(sentence), fault.getMessage());
    assertEquals(1, fault.getMessage().lines().count(), fault.getMessage());
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}

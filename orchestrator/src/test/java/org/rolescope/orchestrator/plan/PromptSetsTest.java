package org.rolescope.orchestrator.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

final class PromptSetsTest {
  @TempDir private Path folder;

  @Test
  void bundledSetsHaveFourCategoriesOfThirty() {
    for (String name : PromptSets.bundledNames()) {
      PromptSet set = PromptSets.bundled(name);
      assertEquals(
          List.of("self_referent", "confounder", "neutral", "third_person"),
          set.categories().stream().map(PromptCategory::name).toList());
      set.categories().forEach(category -> assertEquals(30, category.prompts().size()));
    }
  }

  @Test
  void defaultDiffersFromPublishedInTheRepeatedPromptOnly() {
    List<String> published = PromptSets.bundled("published").texts();
    List<String> own = PromptSets.bundled("default").texts();
    List<Integer> different = new ArrayList<>();
    for (int prompt = 0; prompt < published.size(); prompt++) {
      if (!published.get(prompt).equals(own.get(prompt))) {
        different.add(prompt);
      }
    }
    assertEquals(List.of(82), different);
    assertEquals("What is photosynthesis?", published.get(82));
    assertEquals(published.get(60), published.get(82));
    assertEquals(119, new HashSet<>(published).size());
    assertEquals(120, new HashSet<>(own).size());
  }

  @Test
  void readsAFileOfTheSameShape() throws IOException {
    Path file =
        write("{\"name\": \"mine\", \"source\": \"me\", \"categories\": {\"a\": [\"x?\"]}}");
    PromptSet expected = new PromptSet("mine", List.of(new PromptCategory("a", List.of("x?"))));
    assertEquals(expected, PromptSets.read(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"name": "x"} | is no prompt set
          [1] | is no prompt set
          {"name": "x", "categories": {"a": "b"}} | Category a in
          {"name": "x", "categories": {"a": [1]}} | holds 1, which is no text
          {"name": "x", "categories": {"a": []}} | Category a has no prompts
          {"name": "x", "categories": {"a": ["ok", " "]}} | Prompt 2 of category a is empty
          {"name": "x", "categories": {}} | has no categories
          {"name": "x", "categories": {"a": ["b"], "a": ["c"]}} | is no valid JSON
          {"name": "x", "categories": {"a": ["b"]} | is no valid JSON
          {"name": " ", "categories": {"a": ["b"]}} | The prompt set has no name
          """)
  void saysWhatIsWrongWithAFile(String json, String sentence) throws IOException {
    Path file = write(json);
    RolescopeException fault = assertThrows(RolescopeException.class, () -> PromptSets.read(file));
    assertEquals(FaultCode.INVALID_ARGUMENT, fault.code());
    assertTrue(fault.getMessage().contains(sentence), fault.getMessage());
    assertEquals(1, fault.getMessage().lines().count());
  }

  @Test
  void saysWhenThereIsNoSuchSet() {
    RolescopeException noFile =
        assertThrows(RolescopeException.class, () -> PromptSets.read(folder.resolve("none.json")));
    assertEquals(FaultCode.NOT_FOUND, noFile.code());
    RolescopeException folderInstead =
        assertThrows(RolescopeException.class, () -> PromptSets.read(folder));
    assertTrue(folderInstead.getMessage().contains("cannot be read"), folderInstead.getMessage());
    RolescopeException noBundled =
        assertThrows(RolescopeException.class, () -> PromptSets.bundled("../published"));
    assertTrue(noBundled.getMessage().contains("default or published"), noBundled.getMessage());
  }

  private Path write(String json) throws IOException {
    return Files.writeString(folder.resolve("set.json"), json);
  }
}

package org.rolescope.orchestrator.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.rolescope.orchestrator.json.Json;

/** A prompt set as JSON: {@code {"name": …, "categories": {"self_referent": ["…", …], …}}}. */
public final class PromptSetJson {
  private static final String NAME = "name";
  private static final String CATEGORIES = "categories";

  private PromptSetJson() {}

  /** SHA-256 (hex) over the name, the categories and the prompts, in order. */
  public static String digest(PromptSet promptSet) {
    return Digests.sha256(Json.compact(write(promptSet)));
  }

  static ObjectNode write(PromptSet promptSet) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put(NAME, promptSet.name());
    ObjectNode categories = root.putObject(CATEGORIES);
    for (PromptCategory category : promptSet.categories()) {
      ArrayNode prompts = categories.putArray(category.name());
      category.prompts().forEach(prompts::add);
    }
    return root;
  }

  /**
   * Reads a set; other keys, such as a source, are left aside.
   *
   * @param source where it comes from, for the sentence
   */
  static PromptSet read(JsonNode root, String source) {
    JsonNode name = root.path(NAME);
    JsonNode categories = root.path(CATEGORIES);
    Invalid.unless(
        name.isTextual() && categories.isObject(),
        "%s is no prompt set; it needs a text `name` and an object `categories` of prompt lists",
        source);
    List<PromptCategory> parsed = new ArrayList<>();
    for (Map.Entry<String, JsonNode> category : categories.properties()) {
      parsed.add(new PromptCategory(category.getKey(), prompts(category, source)));
    }
    return new PromptSet(name.textValue(), parsed);
  }

  private static List<String> prompts(Map.Entry<String, JsonNode> category, String source) {
    List<String> prompts = new ArrayList<>();
    Invalid.unless(
        category.getValue().isArray(),
        "Category %s in %s is no list; write its prompts as a list of texts",
        category.getKey(),
        source);
    for (JsonNode prompt : category.getValue()) {
      Invalid.unless(
          prompt.isTextual(),
          "Category %s in %s holds %s, which is no text; put it in quotes",
          category.getKey(),
          source,
          prompt);
      prompts.add(prompt.textValue());
    }
    return prompts;
  }
}

package org.rolescope.orchestrator.plan;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;

/**
 * Reads YAML as the tree that JSON of the same meaning gives.
 *
 * <p>Aliases are refused: the tree would hold the alias' name in place of what it stands for, and a
 * few of them can stand for more than memory holds.
 */
public final class Yaml {
  private static final YAMLMapper MAPPER =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Yaml() {}

  /**
   * Reads one document.
   *
   * @param source where it comes from, for the sentence
   * @throws IOException where the text is no YAML, repeats a key, or holds a second document
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where it uses an alias
   */
  public static JsonNode read(String text, String source) throws IOException {
    refuseAliases(text, source);
    return MAPPER.readTree(text);
  }

  private static void refuseAliases(String text, String source) throws IOException {
    try (YAMLParser parser = MAPPER.getFactory().createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        Invalid.unless(
            !parser.isCurrentAlias(),
            "Line %d of %s uses a YAML alias (*%s); write out what it stands for",
            parser.currentTokenLocation().getLineNr(),
            source,
            parser.getText());
      }
    }
  }
}

package org.rolescope.inference.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * Tokens as the vocabulary of a {@code tokenizer.json} spells them; its native reader only tells
 * those of a text.
 *
 * @param byId spelling of each token
 */
record TokenSpellings(Map<Long, String> byId) {
  private static final JsonMapper MAPPER = new JsonMapper();

  TokenSpellings {
    byId = Map.copyOf(byId);
  }

  /**
   * Reads a vocabulary: names with ids, or, of a unigram model, a list of names with scores; and
   * the tokens added to it.
   *
   * @throws RolescopeException MALFORMED_MODEL where the file is damaged
   */
  static TokenSpellings read(Path file) {
    Map<Long, String> byId = new HashMap<>();
    JsonNode tokenizer = json(file);
    JsonNode vocabulary = tokenizer.path("model").path("vocab");
    vocabulary.properties().forEach(token -> byId.put(token.getValue().asLong(), token.getKey()));
    for (int id = 0; vocabulary.isArray() && id < vocabulary.size(); id++) {
      byId.put((long) id, vocabulary.get(id).path(0).asText());
    }
    tokenizer
        .path("added_tokens")
        .forEach(token -> byId.put(token.path("id").asLong(), token.path("content").asText()));
    return new TokenSpellings(byId);
  }

  /** Spelling of a token; empty where there is none. */
  String of(long id) {
    return byId.getOrDefault(id, "");
  }

  private static JsonNode json(Path file) {
    try {
      return MAPPER.readTree(file.toFile());
    } catch (IOException damaged) {
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "The tokenizer %s cannot be read: %s; export the model again"
              .formatted(file, damaged.getMessage()),
          damaged);
    }
  }
}

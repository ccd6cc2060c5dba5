package org.rolescope.export.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.rolescope.export.file.Wording;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * Checks a {@code tokenizer.json} as far as a model depends on it: it has a model with a
 * vocabulary, a BPE model has its merges, and no token has an id the embedding has no row for. The
 * file is walked, not kept.
 */
public final class TokenizerCheck {
  private static final String ADDED = "added_tokens";
  private static final String MODEL = "model";
  private static final String MERGES = "merges";
  private static final String VOCABULARY = "vocab";

  private final Path file;
  private final int vocabularySize;

  private TokenizerCheck(Path file, int vocabularySize) {
    this.file = file;
    this.vocabularySize = vocabularySize;
  }

  /**
   * Checks a file.
   *
   * @param vocabularySize rows of the embedding
   * @throws RolescopeException MALFORMED_MODEL where a part is missing or an id is too large,
   *     NOT_FOUND where the file cannot be read
   */
  public static void check(Path file, int vocabularySize) {
    JsonFiles.walk(file, new TokenizerCheck(file, vocabularySize)::root);
  }

  private void root(JsonParser parser) throws IOException {
    boolean hasModel = false;
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      parser.nextToken();
      switch (field) {
        case MODEL -> {
          hasModel = true;
          model(parser);
        }
        case ADDED -> added(parser);
        default -> parser.skipChildren();
      }
    }
    if (!hasModel) {
      throw malformed("it has no " + MODEL);
    }
  }

  private void model(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw malformed("its %s is no JSON object".formatted(MODEL));
    }
    Set<String> fields = new HashSet<>();
    String type = "BPE";
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      parser.nextToken();
      fields.add(field.length() > MERGES.length() ? "other" : field);
      if (field.equals(VOCABULARY)) {
        vocabulary(parser);
      } else if (field.equals("type") && parser.currentToken() == JsonToken.VALUE_STRING) {
        type = parser.getText();
      } else {
        parser.skipChildren();
      }
    }
    if (!fields.contains(VOCABULARY)) {
      throw malformed("its model has no " + VOCABULARY);
    }
    if (type.equals("BPE") && !fields.contains(MERGES)) {
      throw malformed("its model is BPE but has no " + MERGES);
    }
  }

  /** An object of ids by token, or a list whose entries have their place as id. */
  private void vocabulary(JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        for (String token = parser.nextFieldName(); token != null; token = parser.nextFieldName()) {
          parser.nextToken();
          id(parser, token);
        }
      }
      case START_ARRAY -> {
        for (int id = 0; parser.nextToken() != JsonToken.END_ARRAY; id++) {
          checkId(id, "number " + id);
          parser.skipChildren();
        }
      }
      case null, default -> throw malformed("its vocabulary is neither an object nor a list");
    }
  }

  private void added(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw malformed("an entry of %s is no JSON object".formatted(ADDED));
      }
      for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
        parser.nextToken();
        if (field.equals("id")) {
          id(parser, ADDED);
        } else {
          parser.skipChildren();
        }
      }
    }
  }

  private void id(JsonParser parser, String token) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw malformed("the id of token \"%s\" is no whole number".formatted(token));
    }
    checkId(
        parser.getBigIntegerValue().bitLength() < Integer.SIZE ? parser.getIntValue() : -1, token);
  }

  private void checkId(int id, String token) {
    if (id < 0 || id >= vocabularySize) {
      throw malformed(
          "the id of token \"%s\" is not among the %d of the vocabulary in %s"
              .formatted(token, vocabularySize, Checkpoint.CONFIGURATION_FILE));
    }
  }

  private RolescopeException malformed(String reason) {
    return new RolescopeException(
        FaultCode.MALFORMED_MODEL,
        "%s does not fit the model: %s; download the checkpoint again"
            .formatted(file, Wording.oneLine(reason)));
  }
}

package org.rolescope.export.gguf;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tokens of a file.
 *
 * @param file the file, for faults
 * @param tokens the tokens by id
 * @param kinds the kind of each
 * @param ids the id of each token that can come up in text; not of unused ones, which only fill the
 *     table of embeddings
 */
record Vocabulary(Path file, List<String> tokens, List<Kind> kinds, Map<String, Integer> ids) {
  /** What a token is for; the order is that of the format, from 1 on. */
  enum Kind {
    /** Text. */
    NORMAL,
    /** Stands for what the vocabulary cannot say. */
    UNKNOWN,
    /** Never text: begin, end, roles. */
    CONTROL,
    /** Text that is one token wherever it stands. */
    USER_DEFINED,
    /** Fills the table. */
    UNUSED,
    /** One byte. */
    BYTE
  }

  private static final String TOKENS = "tokenizer.ggml.tokens";
  private static final String KINDS = "tokenizer.ggml.token_type";

  Vocabulary {
    requireNonNull(file, "file is null");
    tokens = List.copyOf(tokens);
    kinds = List.copyOf(kinds);
    // Not Map.copyOf: tokens chosen to collide would make its lookups slow.
    ids = Collections.unmodifiableMap(new HashMap<>(ids));
  }

  /**
   * Reads the tokens.
   *
   * @param rows rows of the embedding, at least one for each token
   */
  static Vocabulary read(Metadata metadata, int rows) {
    List<String> tokens = metadata.texts(TOKENS);
    if (tokens.size() > rows) {
      throw new Defect.Contradiction(
              "it has %d tokens but %d embeddings".formatted(tokens.size(), rows))
          .in(metadata.file());
    }
    List<Kind> kinds =
        metadata
            .wholes(KINDS)
            .map(list -> list.stream().map(number -> kind(metadata, number)).toList())
            .orElseGet(() -> Collections.nCopies(tokens.size(), Kind.NORMAL));
    checkSize(metadata, KINDS, kinds.size(), tokens.size());
    return new Vocabulary(metadata.file(), tokens, kinds, ids(metadata.file(), tokens, kinds));
  }

  /** Checks that a list has one value for each token. */
  static void checkSize(Metadata metadata, String key, int found, int tokens) {
    if (found != tokens) {
      throw new Defect.Contradiction("%s has %d values for %d tokens".formatted(key, found, tokens))
          .in(metadata.file());
    }
  }

  /** The token a setting names by its id, where it does. */
  Optional<Integer> named(Metadata metadata, String key) {
    return metadata.whole(key, 0, tokens.size() - 1);
  }

  private static Kind kind(Metadata metadata, long number) {
    if (number < 1 || number > Kind.values().length) {
      throw new Defect.WrongValue(KINDS, Long.toString(number), "a kind from 1 to 6")
          .in(metadata.file());
    }
    return Kind.values()[(int) number - 1];
  }

  private static Map<String, Integer> ids(Path file, List<String> tokens, List<Kind> kinds) {
    Map<String, Integer> ids = HashMap.newHashMap(tokens.size());
    for (int id = 0; id < tokens.size(); id++) {
      if (kinds.get(id) != Kind.UNUSED && ids.put(tokens.get(id), id) != null) {
        throw new Defect.Duplicate("token", tokens.get(id)).in(file);
      }
    }
    return ids;
  }
}

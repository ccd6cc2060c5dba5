package org.rolescope.export.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The tokenizer of Llama 2 and its heirs, byte pair encoding of SentencePiece: spaces become ▁, the
 * two neighbours whose union has the highest score are merged first, and what the vocabulary lacks
 * is spelt in bytes. A {@code tokenizer.json} has merges instead of scores: every way to cut a
 * token into two others, best score first, ties as the converter of Hugging Face transformers
 * breaks them.
 */
final class SentencePieceModel {
  private static final String SCORES = "tokenizer.ggml.scores";
  private static final String SPACE_PREFIX = "tokenizer.ggml.add_space_prefix";
  private static final String CHARACTER_MAP = "tokenizer.ggml.precompiled_charsmap";
  private static final String TRIMS = "tokenizer.ggml.remove_extra_whitespaces";
  private static final String SPACE = "\u2581";
  private static final Set<Vocabulary.Kind> MERGED =
      EnumSet.of(Vocabulary.Kind.NORMAL, Vocabulary.Kind.USER_DEFINED);

  private final Metadata metadata;
  private final Vocabulary vocabulary;
  private final List<Double> scores;

  /** A way to make a token of two. */
  private record Merge(int left, int right, int leftLength, int rightLength, double score) {
    static final Comparator<Merge> BEST_FIRST =
        Comparator.comparingDouble(Merge::score)
            .thenComparingInt(Merge::leftLength)
            .thenComparingInt(Merge::rightLength)
            .reversed();
  }

  private SentencePieceModel(Metadata metadata, Vocabulary vocabulary) {
    this.metadata = metadata;
    this.vocabulary = vocabulary;
    this.scores = metadata.numbers(SCORES);
    Vocabulary.checkSize(metadata, SCORES, scores.size(), vocabulary.tokens().size());
  }

  /** Writes the parts of {@code tokenizer.json} that make it up. */
  static void write(Metadata metadata, Vocabulary vocabulary, ObjectNode root) {
    if (metadata.has(CHARACTER_MAP) || metadata.flag(TRIMS).orElse(false)) {
      throw Defect.unsupported(
          metadata.file(),
          "has a tokenizer that rewrites text (%s)"
              .formatted(metadata.has(CHARACTER_MAP) ? CHARACTER_MAP : TRIMS),
          "export the original checkpoint instead");
    }
    new SentencePieceModel(metadata, vocabulary).write(root);
  }

  private void write(ObjectNode root) {
    boolean prefix = metadata.flag(SPACE_PREFIX).orElse(true);
    normalizer(root.putObject("normalizer").put("type", "Sequence"), prefix);
    root.putNull("pre_tokenizer");
    decoder(root.putObject("decoder").put("type", "Sequence").putArray("decoders"), prefix);
    ObjectNode model = root.putObject("model").put("type", "BPE");
    int unknown = vocabulary.kinds().indexOf(Vocabulary.Kind.UNKNOWN);
    model.put("unk_token", unknown < 0 ? null : vocabulary.tokens().get(unknown));
    model.put("fuse_unk", true);
    model.put("byte_fallback", true);
    model.put("ignore_merges", false);
    ObjectNode ids = model.putObject("vocab");
    for (int id = 0; id < vocabulary.tokens().size(); id++) {
      if (vocabulary.kinds().get(id) != Vocabulary.Kind.UNUSED) {
        ids.put(vocabulary.tokens().get(id), id);
      }
    }
    merges(model.putArray("merges"));
  }

  private static void normalizer(ObjectNode sequence, boolean prefix) {
    ArrayNode parts = sequence.putArray("normalizers");
    if (prefix) {
      parts.addObject().put("type", "Prepend").put("prepend", SPACE);
    }
    parts.add(replace(" ", SPACE));
  }

  private static void decoder(ArrayNode parts, boolean prefix) {
    parts.add(replace(SPACE, " "));
    parts.addObject().put("type", "ByteFallback");
    parts.addObject().put("type", "Fuse");
    if (prefix) {
      parts.addObject().put("type", "Strip").put("content", " ").put("start", 1).put("stop", 0);
    }
  }

  private static ObjectNode replace(String found, String content) {
    ObjectNode replace = JsonNodeFactory.instance.objectNode().put("type", "Replace");
    replace.putObject("pattern").put("String", found);
    return replace.put("content", content);
  }

  private void merges(ArrayNode merges) {
    List<Merge> found = new ArrayList<>();
    for (int id = 0; id < scores.size(); id++) {
      if (MERGED.contains(vocabulary.kinds().get(id))) {
        found.addAll(cuts(id));
      }
    }
    found.sort(Merge.BEST_FIRST);
    for (Merge merge : found) {
      merges.add(
          vocabulary.tokens().get(merge.left()) + " " + vocabulary.tokens().get(merge.right()));
    }
  }

  /** Tokens with spaces stand whole in text and are never merged: merges are written with one. */
  private List<Merge> cuts(int id) {
    String token = vocabulary.tokens().get(id);
    List<Merge> cuts = new ArrayList<>();
    if (token.indexOf(' ') >= 0) {
      return cuts;
    }
    for (int at = 1; at < token.length(); at++) {
      Integer left = vocabulary.ids().get(token.substring(0, at));
      Integer right = vocabulary.ids().get(token.substring(at));
      if (left != null && right != null && isMerged(left) && isMerged(right)) {
        cuts.add(
            new Merge(
                left,
                right,
                token.codePointCount(0, at),
                token.codePointCount(at, token.length()),
                scores.get(id)));
      }
    }
    cuts.sort(Comparator.comparingInt(Merge::left).thenComparingInt(Merge::right));
    return cuts;
  }

  private boolean isMerged(int id) {
    return MERGED.contains(vocabulary.kinds().get(id));
  }
}

package org.rolescope.export.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The tokenizer of GPT-2 and its heirs: text is cut into words, every byte becomes a printable
 * character, and the merges of the file are applied in their order.
 */
final class BytePairModel {
  private static final String MERGES = "tokenizer.ggml.merges";

  private BytePairModel() {}

  /** Writes the parts of {@code tokenizer.json} that make it up. */
  static void write(Metadata metadata, Vocabulary vocabulary, ObjectNode root) {
    PreTokenizer words = PreTokenizer.of(metadata);
    if (words == PreTokenizer.QWEN2) {
      root.putObject("normalizer").put("type", "NFC");
    }
    root.set("pre_tokenizer", words.json());
    root.set("decoder", PreTokenizer.byteLevel());
    ObjectNode model = root.putObject("model").put("type", "BPE");
    model.putNull("unk_token");
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.put("ignore_merges", words.ignoresMerges());
    ObjectNode ids = model.putObject("vocab");
    for (int id = 0; id < vocabulary.tokens().size(); id++) {
      if (vocabulary.kinds().get(id) != Vocabulary.Kind.UNUSED) {
        ids.put(vocabulary.tokens().get(id), id);
      }
    }
    merges(metadata, vocabulary, model.putArray("merges"));
  }

  /** Either part may hold no space, which byte-level text spells Ġ. */
  private static void merges(Metadata metadata, Vocabulary vocabulary, ArrayNode merges) {
    for (String merge : metadata.texts(MERGES)) {
      int space = merge.indexOf(' ');
      boolean known =
          space > 0
              && vocabulary.ids().containsKey(merge.substring(0, space))
              && vocabulary.ids().containsKey(merge.substring(space + 1))
              && vocabulary
                  .ids()
                  .containsKey(merge.substring(0, space) + merge.substring(space + 1));
      if (!known) {
        throw new Defect.Contradiction(
                "the merge \"%s\" is not of two tokens into one".formatted(merge))
            .in(metadata.file());
      }
      merges.add(merge);
    }
  }
}

package org.rolescope.export.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.rolescope.export.gguf.Vocabulary.Kind;

/** Makes {@code tokenizer.json} and {@code tokenizer_config.json} of the metadata of a file. */
final class TokenizerBuilder {
  private static final String PREFIX = "tokenizer.ggml.";
  private static final String MODEL = PREFIX + "model";

  private final Metadata metadata;
  private final Vocabulary vocabulary;
  private final boolean bytePairs;
  private final Optional<Integer> begin;
  private final Optional<Integer> end;

  /**
   * A builder.
   *
   * @param rows rows of the embedding
   */
  TokenizerBuilder(Metadata metadata, int rows) {
    this.metadata = metadata;
    this.bytePairs = isBytePairs(metadata);
    this.vocabulary = Vocabulary.read(metadata, rows);
    this.begin = vocabulary.named(metadata, PREFIX + "bos_token_id");
    this.end = vocabulary.named(metadata, PREFIX + "eos_token_id");
  }

  private static boolean isBytePairs(Metadata metadata) {
    String model = metadata.requiredText(MODEL);
    return switch (model) {
      case "gpt2" -> true;
      case "llama" -> false;
      default ->
          throw Defect.unsupported(
              metadata.file(),
              "has a tokenizer of the kind %s".formatted(model),
              "kinds that can be read are gpt2 and llama");
    };
  }

  /** The tokenizer. */
  ObjectNode tokenizer() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    addedTokens(root.putArray("added_tokens"));
    root.putNull("normalizer");
    if (bytePairs) {
      BytePairModel.write(metadata, vocabulary, root);
    } else {
      SentencePieceModel.write(metadata, vocabulary, root);
    }
    root.set("post_processor", postProcessor());
    return root;
  }

  /** Its settings, among them the chat template, where there is one. */
  ObjectNode settings(int contextLength) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("tokenizer_class", "PreTrainedTokenizerFast");
    root.put("clean_up_tokenization_spaces", false);
    root.put("model_max_length", contextLength);
    root.put("add_bos_token", addsBegin());
    root.put("add_eos_token", addsEnd());
    token(root, "bos_token", begin);
    token(root, "eos_token", end);
    token(root, "unk_token", vocabulary.named(metadata, PREFIX + "unknown_token_id"));
    token(root, "pad_token", vocabulary.named(metadata, PREFIX + "padding_token_id"));
    metadata
        .text("tokenizer.chat_template")
        .ifPresent(template -> root.put("chat_template", template));
    return root;
  }

  private void token(ObjectNode root, String name, Optional<Integer> id) {
    id.ifPresent(found -> root.put(name, vocabulary.tokens().get(found)));
  }

  /** Tokens that are found in text before anything else is done with it. */
  private void addedTokens(ArrayNode added) {
    for (int id = 0; id < vocabulary.tokens().size(); id++) {
      Kind kind = vocabulary.kinds().get(id);
      boolean special = kind == Kind.CONTROL || kind == Kind.UNKNOWN;
      if (special || kind == Kind.USER_DEFINED) {
        added
            .addObject()
            .put("id", id)
            .put("content", vocabulary.tokens().get(id))
            .put("single_word", false)
            .put("lstrip", false)
            .put("rstrip", false)
            .put("normalized", false)
            .put("special", special);
      }
    }
  }

  private boolean addsBegin() {
    boolean otherwise = bytePairs ? PreTokenizer.of(metadata).addsBegin() : true;
    return metadata.flag(PREFIX + "add_bos_token").orElse(otherwise) && begin.isPresent();
  }

  private boolean addsEnd() {
    return metadata.flag(PREFIX + "add_eos_token").orElse(false) && end.isPresent();
  }

  private ObjectNode postProcessor() {
    ObjectNode processor = JsonNodeFactory.instance.objectNode();
    processor.put("type", "TemplateProcessing");
    sequence(processor.putArray("single"), "A", 0);
    ArrayNode pair = processor.putArray("pair");
    sequence(pair, "A", 0);
    sequence(pair, "B", 1);
    ObjectNode tokens = processor.putObject("special_tokens");
    begin.filter(_ -> addsBegin()).ifPresent(id -> special(tokens, id));
    end.filter(_ -> addsEnd()).ifPresent(id -> special(tokens, id));
    return processor;
  }

  private void sequence(ArrayNode template, String name, int typeId) {
    begin.filter(_ -> addsBegin()).ifPresent(id -> piece(template, id, typeId));
    template.addObject().putObject("Sequence").put("id", name).put("type_id", typeId);
    end.filter(_ -> addsEnd()).ifPresent(id -> piece(template, id, typeId));
  }

  private void piece(ArrayNode template, int id, int typeId) {
    template
        .addObject()
        .putObject("SpecialToken")
        .put("id", vocabulary.tokens().get(id))
        .put("type_id", typeId);
  }

  private void special(ObjectNode tokens, int id) {
    String token = vocabulary.tokens().get(id);
    ObjectNode entry = tokens.putObject(token).put("id", token);
    entry.putArray("ids").add(id);
    entry.putArray("tokens").add(token);
  }
}

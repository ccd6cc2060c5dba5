package org.rolescope.inference.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * What the files beside {@code tokenizer.json} say, each of which may be missing: {@code
 * tokenizer_config.json}, {@code special_tokens_map.json}, {@code config.json} and {@code
 * generation_config.json} and {@code chat_template.jinja}.
 *
 * @param specialTokens special tokens by name, for example {@code bos_token}
 * @param beginTokenId the model's own begin token
 * @param endTokenIds tokens that end an answer: those of {@code generation_config.json}, else of
 *     {@code config.json}; may be none
 * @param addedEnds what the tokenizer class puts around a text; empty: what the file says
 * @param chatTemplates chat templates by name; a single one is called {@code default}
 */
record TokenizerSettings(
    Map<String, String> specialTokens,
    OptionalLong beginTokenId,
    List<Long> endTokenIds,
    Optional<AddedEnds> addedEnds,
    Map<String, String> chatTemplates) {
  static final String BEGIN_TOKEN = "bos_token";
  static final String END_TOKEN = "eos_token";
  static final String DEFAULT_TEMPLATE = "default";

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final List<String> SPECIAL_TOKENS =
      List.of(
          BEGIN_TOKEN, END_TOKEN, "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

  TokenizerSettings {
    specialTokens = Map.copyOf(specialTokens);
    endTokenIds = List.copyOf(endTokenIds);
    chatTemplates = Map.copyOf(chatTemplates);
  }

  /**
   * Reads the files of a folder.
   *
   * @throws RolescopeException MALFORMED_MODEL where one is damaged
   */
  static TokenizerSettings read(Path folder) {
    JsonNode configuration = json(folder.resolve("tokenizer_config.json"));
    Map<String, String> tokens =
        specialTokens(configuration, json(folder.resolve("special_tokens_map.json")));
    JsonNode model = json(folder.resolve("config.json"));
    JsonNode begin = model.path("bos_token_id");
    List<Long> ends = endTokens(json(folder.resolve("generation_config.json")));
    return new TokenizerSettings(
        tokens,
        begin.isIntegralNumber() ? OptionalLong.of(begin.longValue()) : OptionalLong.empty(),
        ends.isEmpty() ? endTokens(model) : ends,
        AddedEnds.of(configuration, tokens),
        templates(configuration, folder.resolve("chat_template.jinja")));
  }

  /** One id, or several. */
  private static List<Long> endTokens(JsonNode configuration) {
    List<Long> ids = new ArrayList<>();
    JsonNode ends = configuration.path("eos_token_id");
    for (JsonNode end : ends.isArray() ? ends : MAPPER.createArrayNode().add(ends)) {
      if (end.isIntegralNumber()) {
        ids.add(end.longValue());
      }
    }
    return ids;
  }

  private static Map<String, String> specialTokens(JsonNode configuration, JsonNode map) {
    Map<String, String> tokens = new LinkedHashMap<>();
    for (String name : SPECIAL_TOKENS) {
      String token = token(configuration.path(name)).orElse(token(map.path(name)).orElse(null));
      if (token != null) {
        tokens.put(name, token);
      }
    }
    return tokens;
  }

  /** A token is a text, or an object that holds it. */
  private static Optional<String> token(JsonNode node) {
    JsonNode text = node.isObject() ? node.path("content") : node;
    return Optional.ofNullable(text.textValue());
  }

  /** A file of its own goes before what the configuration holds: one template, or several. */
  private static Map<String, String> templates(JsonNode configuration, Path file) {
    if (Files.isRegularFile(file)) {
      return Map.of(DEFAULT_TEMPLATE, text(file));
    }
    JsonNode configured = configuration.path("chat_template");
    Map<String, String> templates = new LinkedHashMap<>();
    if (configured.isTextual()) {
      templates.put(DEFAULT_TEMPLATE, configured.textValue());
    }
    for (JsonNode each : configured.isArray() ? configured : MAPPER.createArrayNode()) {
      templates.put(each.path("name").asText(), each.path("template").asText());
    }
    return templates;
  }

  private static JsonNode json(Path file) {
    if (!Files.isRegularFile(file)) {
      return MAPPER.missingNode();
    }
    try {
      return MAPPER.readTree(text(file));
    } catch (JsonProcessingException damaged) {
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "%s is no JSON (%s); export the model again"
              .formatted(file, damaged.getOriginalMessage()),
          damaged);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "%s cannot be read: %s; export the model again".formatted(file, unreadable.getMessage()),
          unreadable);
    }
  }
}

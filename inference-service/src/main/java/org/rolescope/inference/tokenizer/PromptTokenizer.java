package org.rolescope.inference.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * Tokenises prompts with the {@code tokenizer.json} of a bundle, special tokens as the tokenizer
 * itself adds them, without truncation or padding. Holds native memory; close it.
 */
public final class PromptTokenizer implements AutoCloseable {
  private static final Map<String, String> OPTIONS =
      Map.of("addSpecialTokens", "true", "truncation", "false", "padding", "false");

  private final HuggingFaceTokenizer tokenizer;
  private final int vocabularySize;
  private final int contextLength;

  private PromptTokenizer(HuggingFaceTokenizer tokenizer, int vocabularySize, int contextLength) {
    this.tokenizer = tokenizer;
    this.vocabularySize = vocabularySize;
    this.contextLength = contextLength;
  }

  /**
   * Opens a tokenizer.
   *
   * @param file a {@code tokenizer.json}
   * @param vocabularySize tokens the model knows
   * @param contextLength longest prompt in tokens
   * @throws RolescopeException MALFORMED_MODEL where the file is no tokenizer
   */
  public static PromptTokenizer open(Path file, int vocabularySize, int contextLength) {
    try (InputStream json = Files.newInputStream(file)) {
      return new PromptTokenizer(
          HuggingFaceTokenizer.newInstance(json, OPTIONS), vocabularySize, contextLength);
    } catch (IOException | RuntimeException invalid) {
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "The tokenizer %s cannot be read: %s; export the model again"
              .formatted(file, invalid.getMessage()),
          invalid);
    }
  }

  /**
   * Tokenises all prompts, in order.
   *
   * @throws RolescopeException INVALID_ARGUMENT where a prompt is blank, gives no tokens or is
   *     longer than the context; MALFORMED_MODEL where the tokenizer gives ids the model lacks
   */
  public List<TokenizedPrompt> tokenize(List<String> prompts) {
    for (int index = 0; index < prompts.size(); index++) {
      if (prompts.get(index).isBlank()) {
        throw new RolescopeException(
            FaultCode.INVALID_ARGUMENT,
            "Prompt %d is empty; give it text or take it out".formatted(index));
      }
    }
    Encoding[] encodings = tokenizer.batchEncode(prompts);
    return java.util.stream.IntStream.range(0, encodings.length)
        .mapToObj(index -> checked(index, prompts.get(index), encodings[index]))
        .toList();
  }

  @Override
  public void close() {
    tokenizer.close();
  }

  private TokenizedPrompt checked(int index, String prompt, Encoding encoding) {
    long[] ids = encoding.getIds();
    if (ids.length == 0) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "Prompt %d (%s) gives no tokens; give it other text".formatted(index, shorten(prompt)));
    }
    if (ids.length > contextLength) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "Prompt %d (%s) has %d tokens but the model's context ends at %d; shorten it"
              .formatted(index, shorten(prompt), ids.length, contextLength));
    }
    LongStream.of(ids)
        .filter(id -> id < 0 || id >= vocabularySize)
        .findFirst()
        .ifPresent(
            id -> {
              throw new RolescopeException(
                  FaultCode.MALFORMED_MODEL,
                  "The tokenizer gives token %d but the model knows only %d; take the tokenizer that belongs to the model"
                      .formatted(id, vocabularySize));
            });
    return new TokenizedPrompt(
        LongStream.of(ids).boxed().toList(), Arrays.asList(encoding.getTokens()));
  }

  private static String shorten(String prompt) {
    int end = prompt.offsetByCodePoints(0, Math.min(40, prompt.codePointCount(0, prompt.length())));
    return "\"" + prompt.substring(0, end) + (end < prompt.length() ? "…\"" : "\"");
  }
}

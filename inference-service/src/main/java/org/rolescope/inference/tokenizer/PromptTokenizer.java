package org.rolescope.inference.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.template.ChatTemplate;

/**
 * Tokenises prompts with the {@code tokenizer.json} of a bundle and what the files beside it say of
 * special tokens and chat templates, without truncation or padding. Holds native memory; close it.
 */
public final class PromptTokenizer implements AutoCloseable {
  private static final Map<String, String> OPTIONS =
      Map.of("addSpecialTokens", "true", "truncation", "false", "padding", "false");

  private final String model;
  private final HuggingFaceTokenizer tokenizer;
  private final TokenizerSettings settings;
  private final Path file;
  private final BeginTokens beginTokens;
  private final int vocabularySize;
  private final int contextLength;
  private TokenSpellings spellings;

  private PromptTokenizer(
      String model,
      HuggingFaceTokenizer tokenizer,
      TokenizerSettings settings,
      Path file,
      int vocabularySize,
      int contextLength) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.settings = settings;
    this.file = file;
    this.vocabularySize = vocabularySize;
    this.contextLength = contextLength;
    beginTokens = new BeginTokens(model, beginToken());
  }

  /**
   * Opens a tokenizer.
   *
   * @param file a {@code tokenizer.json}; what belongs to it lies in the same folder, which has the
   *     model's name
   * @param vocabularySize tokens the model knows
   * @param contextLength longest prompt in tokens
   * @throws RolescopeException MALFORMED_MODEL where a file is damaged
   */
  public static PromptTokenizer open(Path file, int vocabularySize, int contextLength) {
    Path folder = file.toAbsolutePath().getParent();
    TokenizerSettings settings = TokenizerSettings.read(folder);
    try (InputStream json = Files.newInputStream(file)) {
      return new PromptTokenizer(
          folder.getFileName().toString(),
          HuggingFaceTokenizer.newInstance(json, OPTIONS),
          settings,
          file,
          vocabularySize,
          contextLength);
    } catch (IOException | RuntimeException invalid) {
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "The tokenizer %s cannot be read: %s; export the model again"
              .formatted(file, invalid.getMessage()),
          invalid);
    }
  }

  /** The same with {@link PromptOptions#DEFAULT}. */
  public List<TokenizedPrompt> tokenize(List<String> prompts) {
    return tokenize(prompts, PromptOptions.DEFAULT);
  }

  /**
   * Tokenises all prompts, in order.
   *
   * @throws RolescopeException INVALID_ARGUMENT where a prompt is blank, gives no tokens or is
   *     longer than the context, where a begin token or chat template is asked for and the model
   *     has none, or where its chat template fails; MALFORMED_MODEL where the tokenizer gives ids
   *     the model lacks
   */
  public List<TokenizedPrompt> tokenize(List<String> prompts, PromptOptions options) {
    return encode(texts(prompts, options), options);
  }

  /**
   * The texts that are tokenised for prompts: themselves, or what the chat template makes of them.
   * May be called from several threads, and after the tokenizer was closed.
   */
  List<String> texts(List<String> prompts, PromptOptions options) {
    for (int index = 0; index < prompts.size(); index++) {
      if (prompts.get(index).isBlank()) {
        throw new RolescopeException(
            FaultCode.INVALID_ARGUMENT,
            "Prompt %d is empty; give it text or take it out".formatted(index));
      }
    }
    return options.chatTemplate() ? chatTemplate().render(prompts) : prompts;
  }

  /** Tokenises texts, in order. */
  List<TokenizedPrompt> encode(List<String> texts, PromptOptions options) {
    boolean plain = options.chatTemplate() || options.bos() == BosPolicy.NEVER;
    Encoding[] encodings =
        tokenizer.batchEncode(texts, !plain && settings.addedEnds().isEmpty(), false);
    return IntStream.range(0, encodings.length)
        .mapToObj(
            index -> {
              List<BeginTokens.Token> tokens = tokens(encodings[index]);
              return checked(
                  index,
                  texts.get(index),
                  beginTokens.apply(options.bos(), plain ? tokens : withEnds(tokens)),
                  options.chatTemplate());
            })
        .toList();
  }

  /**
   * Tokens that end an answer: the model's own, and the end token of the tokenizer; ascending. A
   * model may have none.
   */
  SortedSet<Long> endTokens() {
    SortedSet<Long> ends = new TreeSet<>(settings.endTokenIds());
    Optional.ofNullable(settings.specialTokens().get(TokenizerSettings.END_TOKEN))
        .flatMap(this::single)
        .map(BeginTokens.Token::id)
        .ifPresent(ends::add);
    ends.removeIf(id -> id < 0 || id >= vocabularySize);
    return ends;
  }

  /**
   * The text of tokens, special tokens left out. A character of which there are only some bytes is
   * U+FFFD.
   */
  String decode(List<Long> ids) {
    return tokenizer.decode(ids.stream().mapToLong(Long::longValue).toArray(), true);
  }

  /** A token as the vocabulary spells it; empty for one that the vocabulary does not name. */
  String spelling(long id) {
    if (spellings == null) {
      spellings = TokenSpellings.read(file);
    }
    return spellings.of(id);
  }

  @Override
  public void close() {
    tokenizer.close();
  }

  private ChatTemplate chatTemplate() {
    Map<String, String> templates = settings.chatTemplates();
    String text = templates.get(TokenizerSettings.DEFAULT_TEMPLATE);
    if (text == null) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          templates.isEmpty()
              ? "Model %s has no chat template; measure it without one".formatted(model)
              : "Model %s has chat templates %s but none named %s; measure it without one"
                  .formatted(
                      model,
                      String.join(", ", templates.keySet().stream().sorted().toList()),
                      TokenizerSettings.DEFAULT_TEMPLATE));
    }
    return new ChatTemplate(text, settings.specialTokens());
  }

  /** The model's begin token: the tokenizer's where it has one, else the configuration's. */
  private Optional<BeginTokens.Token> beginToken() {
    Optional<String> named =
        Optional.ofNullable(settings.specialTokens().get(TokenizerSettings.BEGIN_TOKEN))
            .or(() -> settings.addedEnds().flatMap(AddedEnds::begin));
    Optional<BeginTokens.Token> token = named.flatMap(this::single);
    if (token.isPresent() || settings.beginTokenId().isEmpty()) {
      return token;
    }
    long id = settings.beginTokenId().getAsLong();
    return Optional.of(tokenizer.decode(new long[] {id}, false))
        .filter(text -> !text.isEmpty())
        .flatMap(this::single)
        .filter(found -> found.id() == id);
  }

  /** The token that this text is; empty where it is none, or several. */
  private Optional<BeginTokens.Token> single(String text) {
    List<BeginTokens.Token> tokens = tokens(tokenizer.encode(text, false, false));
    return tokens.size() == 1 ? Optional.of(tokens.getFirst()) : Optional.empty();
  }

  private List<BeginTokens.Token> withEnds(List<BeginTokens.Token> tokens) {
    List<BeginTokens.Token> all = new ArrayList<>();
    settings.addedEnds().flatMap(AddedEnds::begin).flatMap(this::single).ifPresent(all::add);
    all.addAll(tokens);
    settings.addedEnds().flatMap(AddedEnds::end).flatMap(this::single).ifPresent(all::add);
    return all;
  }

  private static List<BeginTokens.Token> tokens(Encoding encoding) {
    long[] ids = encoding.getIds();
    String[] texts = encoding.getTokens();
    return IntStream.range(0, ids.length)
        .mapToObj(index -> new BeginTokens.Token(ids[index], texts[index]))
        .toList();
  }

  private TokenizedPrompt checked(
      int index, String prompt, List<BeginTokens.Token> tokens, boolean rendered) {
    if (tokens.isEmpty()) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "Prompt %d (%s) gives no tokens; give it other text".formatted(index, shorten(prompt)));
    }
    if (tokens.size() > contextLength) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "Prompt %d (%s) has %d tokens but the model's context ends at %d; shorten it"
              .formatted(index, shorten(prompt), tokens.size(), contextLength));
    }
    tokens.stream()
        .mapToLong(BeginTokens.Token::id)
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
        tokens.stream().map(BeginTokens.Token::id).toList(),
        tokens.stream().map(BeginTokens.Token::text).toList(),
        beginTokens.isFirst(tokens)
            ? beginTokens.token().map(BeginTokens.Token::text)
            : Optional.empty(),
        rendered ? Optional.of(prompt) : Optional.empty());
  }

  private static String shorten(String prompt) {
    int end = prompt.offsetByCodePoints(0, Math.min(40, prompt.codePointCount(0, prompt.length())));
    return "\"" + prompt.substring(0, end) + (end < prompt.length() ? "…\"" : "\"");
  }
}

package org.rolescope.inference.tokenizer;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SortedSet;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.BundleManifest;

/**
 * Keeps the tokenizers of the models used last open: opening one with a vocabulary of 128,000
 * tokens takes longer than tokenising a thousand prompts.
 */
public final class TokenizerCache implements AutoCloseable {
  private static final int MAX_TOKENIZERS = 8;

  private final LinkedHashMap<Key, PromptTokenizer> tokenizers =
      new LinkedHashMap<>(MAX_TOKENIZERS, 0.75f, true);

  /** The same with {@link PromptOptions#DEFAULT}. */
  public List<TokenizedPrompt> tokenize(
      Path bundle, BundleManifest manifest, List<String> prompts) {
    return tokenize(bundle, manifest, prompts, PromptOptions.DEFAULT);
  }

  /**
   * Tokenises all prompts, in order. Calls wait for each other: tokenising takes milliseconds, and
   * so no tokenizer is closed while it is in use.
   *
   * @param bundle folder of the bundle
   * @param manifest its manifest
   * @param prompts the prompts
   * @param options how they become tokens
   * @throws RolescopeException as {@link PromptTokenizer#open} and {@link PromptTokenizer#tokenize}
   */
  public List<TokenizedPrompt> tokenize(
      Path bundle, BundleManifest manifest, List<String> prompts, PromptOptions options) {
    // A chat template may take seconds before it is stopped: nobody else waits for that.
    List<String> texts = opened(bundle, manifest).texts(prompts, options);
    synchronized (this) {
      return opened(bundle, manifest).encode(texts, options);
    }
  }

  /**
   * Tokens that end an answer: the model's own, and the end token of its tokenizer; ascending.
   *
   * @param bundle folder of the bundle
   * @param manifest its manifest
   */
  public synchronized SortedSet<Long> endTokens(Path bundle, BundleManifest manifest) {
    return opened(bundle, manifest).endTokens();
  }

  /**
   * The text of tokens, special tokens left out. A character of which there are only some bytes is
   * U+FFFD.
   *
   * @param bundle folder of the bundle
   * @param manifest its manifest
   * @param ids the tokens, in order
   */
  public synchronized String decode(Path bundle, BundleManifest manifest, List<Long> ids) {
    return opened(bundle, manifest).decode(ids);
  }

  /** A token as the vocabulary spells it; empty for one that the vocabulary does not name. */
  public synchronized String spelling(Path bundle, BundleManifest manifest, long id) {
    return opened(bundle, manifest).spelling(id);
  }

  private synchronized PromptTokenizer opened(Path bundle, BundleManifest manifest) {
    Key key = new Key(bundle.toAbsolutePath().normalize(), manifest.digest());
    PromptTokenizer tokenizer = tokenizers.get(key);
    if (tokenizer == null) {
      tokenizer = open(bundle, manifest);
      makeRoom();
      tokenizers.put(key, tokenizer);
    }
    return tokenizer;
  }

  @Override
  public synchronized void close() {
    tokenizers.values().forEach(PromptTokenizer::close);
    tokenizers.clear();
  }

  private static PromptTokenizer open(Path bundle, BundleManifest manifest) {
    return PromptTokenizer.open(
        bundle.resolve(manifest.tokenizerFile()),
        manifest.dimensions().vocabularySize(),
        manifest.dimensions().contextLength());
  }

  private void makeRoom() {
    if (tokenizers.size() >= MAX_TOKENIZERS) {
      tokenizers.pollFirstEntry().getValue().close();
    }
  }

  private record Key(Path bundle, String digest) {}
}

package org.rolescope.inference.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.AttentionKind;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.ModelDimensions;
import org.rolescope.tensors.bundle.Stage;

final class TokenizerCacheTest {
  private static final Path FILE = Path.of("../examples/demo-models/base/tokenizer.json");

  @TempDir private Path folder;

  @Test
  void aTokenizerIsOpenedOnceForADigest() throws IOException {
    Path bundle = bundle("model");
    try (TokenizerCache cache = new TokenizerCache()) {
      List<TokenizedPrompt> first =
          cache.tokenize(bundle, manifest("one"), List.of("Who are you?"));
      Files.delete(bundle.resolve("tokenizer.json"));
      assertThat(cache.tokenize(bundle, manifest("one"), List.of("Who are you?"))).isEqualTo(first);
      assertThatThrownBy(() -> cache.tokenize(bundle, manifest("two"), List.of("Who are you?")))
          .isInstanceOf(RolescopeException.class)
          .hasMessageContaining("cannot be read");
    }
  }

  @Test
  void theTokenizerUsedLongestAgoIsClosed() throws IOException {
    try (TokenizerCache cache = new TokenizerCache()) {
      for (int model = 0; model < 10; model++) {
        Path bundle = bundle("model" + model);
        cache.tokenize(bundle, manifest("one"), List.of("Who are you?"));
        Files.delete(bundle.resolve("tokenizer.json"));
      }
      cache.tokenize(folder.resolve("model2"), manifest("one"), List.of("Who are you?"));
      assertThatThrownBy(
              () -> cache.tokenize(folder.resolve("model1"), manifest("one"), List.of("Who?")))
          .isInstanceOf(RolescopeException.class);
    }
  }

  private Path bundle(String name) throws IOException {
    Path bundle = Files.createDirectory(folder.resolve(name));
    Files.copy(FILE, bundle.resolve("tokenizer.json"));
    return bundle;
  }

  private static BundleManifest manifest(String digest) {
    return new BundleManifest(
        BundleManifest.FORMAT_VERSION,
        "test",
        digest,
        new ModelDimensions("test", 1, 1, 1, 2, 2, 2, 1600, 256, 1),
        null,
        0,
        List.of(
            new Stage("embed.onnx", Stage.Kind.EMBED, 0, 0, List.of(), List.of()),
            new Stage("block.onnx", Stage.Kind.BLOCKS, 0, 0, List.of(), List.of()),
            new Stage("unembed.onnx", Stage.Kind.UNEMBED, 0, 0, List.of(), List.of())),
        List.of(),
        "tokenizer.json",
        AttentionKind.CAUSAL,
        List.of(),
        null);
  }
}

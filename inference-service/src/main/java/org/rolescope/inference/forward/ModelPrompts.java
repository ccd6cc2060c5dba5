package org.rolescope.inference.forward;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.tensors.bundle.BundleManifest;

/**
 * Prompts and the model that is to run them.
 *
 * @param bundle folder of its bundle
 * @param manifest its manifest
 * @param prompts tokenised prompts
 */
public record ModelPrompts(Path bundle, BundleManifest manifest, List<TokenizedPrompt> prompts) {
  /** Copies the prompts and checks that nothing is missing. */
  public ModelPrompts {
    requireNonNull(bundle, "bundle is null");
    requireNonNull(manifest, "manifest is null");
    prompts = List.copyOf(prompts);
  }

  int layerCount() {
    return manifest.dimensions().layerCount();
  }
}

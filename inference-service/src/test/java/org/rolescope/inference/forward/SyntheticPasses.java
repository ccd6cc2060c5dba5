package org.rolescope.inference.forward;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.inference.testing.SyntheticCheckpoint;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.json.ManifestJson;

/** Passes over a synthetic model, and budgets in bytes that hold all, none or some of it. */
final class SyntheticPasses {
  static final long ALL = 1L << 30;
  static final long NONE = 1;

  /** Holds a few of the six stages of a synthetic model beside what streaming the others takes. */
  static final long SOME = 1_000_000;

  static final PassLimits LIMITS = new PassLimits(32, 64 << 20);
  static final CaptureSelection EVERYTHING =
      new CaptureSelection(
          Set.of("value_norm", "pattern", "z", "resid_post", "logits"),
          0,
          SyntheticCheckpoint.LAYERS - 1);

  private SyntheticPasses() {}

  /** A pass over a bundle. */
  static ForwardPass pass(ModelResidency residency, Path bundle) {
    BundleManifest manifest = ManifestJson.read(bundle);
    return new ForwardPass(residency, bundle, manifest);
  }

  /** Runs a pass with every tap over the prompts. */
  static PassReport run(
      ModelResidency residency, Path bundle, PassLimits limits, Consumer<TensorView> sink) {
    return pass(residency, bundle).run(prompts(), EVERYTHING, limits, sink, () -> false);
  }

  /** Prompts of 1 to 9 tokens; the last token of the vocabulary is among them. */
  static List<TokenizedPrompt> prompts() {
    Random random = new Random(3);
    List<TokenizedPrompt> prompts = new ArrayList<>();
    for (int prompt = 0; prompt < 27; prompt++) {
      List<Long> ids = new ArrayList<>();
      ids.add((long) SyntheticCheckpoint.VOCABULARY - 1);
      while (ids.size() <= prompt % 9) {
        ids.add(random.nextLong(SyntheticCheckpoint.VOCABULARY));
      }
      prompts.add(new TokenizedPrompt(ids, Collections.nCopies(ids.size(), "t")));
    }
    return prompts;
  }
}

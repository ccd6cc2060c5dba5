package org.rolescope.metrics.grpc;

import java.util.List;
import java.util.Random;
import org.rolescope.metrics.testing.CaptureScript;
import org.rolescope.metrics.testing.Patterns;
import org.rolescope.tensors.TensorView;

/** Layers that come in two batches. */
final class TwoBatches {
  /** Heads of a layer. */
  static final int HEADS = 3;

  /** Tokens of the prompts. */
  static final List<Integer> TOKENS = List.of(4, 6, 4);

  private TwoBatches() {}

  /** Random patterns: prompts 0 and 2 have four tokens, prompt 1 has six. */
  static TensorView[] patterns(Random random, int layer) {
    return new TensorView[] {
      Patterns.tensor(layer, List.of(0, 2), HEADS, 4, Patterns.random(random, 2, HEADS, 4)),
      Patterns.tensor(layer, List.of(1), HEADS, 6, Patterns.random(random, 1, HEADS, 6))
    };
  }

  /** Random value norms of the same batches. */
  static TensorView[] norms(Random random, int layer) {
    return new TensorView[] {
      Patterns.valueNorm(layer, List.of(0, 2), HEADS, 4, Patterns.randomNorms(random, 2, HEADS, 4)),
      Patterns.valueNorm(layer, List.of(1), HEADS, 6, Patterns.randomNorms(random, 1, HEADS, 6))
    };
  }

  /** The start of a capture of them. */
  static CaptureScript started(int layers) {
    return new CaptureScript().started(layers, HEADS, TOKENS);
  }
}

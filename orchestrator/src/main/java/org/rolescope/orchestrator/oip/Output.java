package org.rolescope.orchestrator.oip;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.rolescope.orchestrator.plan.EntropyName;

/** A kind of tensor a model can be asked for. */
sealed interface Output {
  /** Type of its elements. */
  Datatype datatype();

  /** Sizes of its axes, slowest first. */
  List<Long> shape(Sizes sizes);

  /** Whether it is a tensor only where all prompts have the same number of tokens. */
  default boolean needsEqualLengths() {
    return false;
  }

  /** Logits of the last position, [prompt, vocab]. */
  record Logits() implements Output {
    @Override
    public Datatype datatype() {
      return Datatype.FP32;
    }

    @Override
    public List<Long> shape(Sizes sizes) {
      return List.of(sizes.prompts(), sizes.vocabulary());
    }
  }

  /** Token ids, [prompt, pos]. */
  record TokenIds() implements Output {
    @Override
    public Datatype datatype() {
      return Datatype.INT64;
    }

    @Override
    public List<Long> shape(Sizes sizes) {
      return List.of(sizes.prompts(), sizes.tokens());
    }

    @Override
    public boolean needsEqualLengths() {
      return true;
    }
  }

  /** Number of tokens, [prompt]. */
  record TokenCounts() implements Output {
    @Override
    public Datatype datatype() {
      return Datatype.INT64;
    }

    @Override
    public List<Long> shape(Sizes sizes) {
      return List.of(sizes.prompts());
    }
  }

  /**
   * Attention pattern after softmax, [prompt, head, query_pos, key_pos].
   *
   * @param layer the layer, counting from 0
   */
  record Pattern(int layer) implements Output {
    @Override
    public Datatype datatype() {
      return Datatype.FP32;
    }

    @Override
    public List<Long> shape(Sizes sizes) {
      return List.of(sizes.prompts(), sizes.heads(), sizes.tokens(), sizes.tokens());
    }

    @Override
    public boolean needsEqualLengths() {
      return true;
    }
  }

  /**
   * Entropy of each head, mean over query positions, [prompt, layer, head]. In nats, but for the
   * length-normalised, which has no unit. NaN as the metrics service gives it.
   *
   * @param kind how it is computed
   */
  record Entropy(EntropyName kind) implements Output {
    public Entropy {
      requireNonNull(kind, "kind is null");
    }

    @Override
    public Datatype datatype() {
      return Datatype.FP64;
    }

    @Override
    public List<Long> shape(Sizes sizes) {
      return List.of(sizes.prompts(), sizes.layers(), sizes.heads());
    }
  }
}

package org.rolescope.inference.session;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.rolescope.tensors.bundle.Stage;

/**
 * Keys or values of a layer, which one run of its stage leaves for the next: with the tokens of
 * that run joined to those before.
 *
 * @param layer the layer
 * @param kind keys or values
 */
record CachedTensor(int layer, Kind kind) {
  /** Keys or values. */
  enum Kind {
    /** Keys, rotated where the model does that, [batch, key_value_head, d_head, key_pos]. */
    KEYS("k.by_head", 3),
    /** Values, [batch, key_value_head, key_pos, d_head]. */
    VALUES("v.by_head", 2);

    private final String value;
    private final int positionAxis;

    Kind(String value, int positionAxis) {
      this.value = value;
      this.positionAxis = positionAxis;
    }

    /** The axis along which tokens follow each other. */
    int positionAxis() {
      return positionAxis;
    }
  }

  CachedTensor {
    requireNonNull(kind, "kind is null");
  }

  /** Those of a stage; none where it has no blocks. */
  static List<CachedTensor> of(Stage stage) {
    if (stage.kind() != Stage.Kind.BLOCKS) {
      return List.of();
    }
    return IntStream.rangeClosed(stage.firstLayer(), stage.lastLayer())
        .boxed()
        .flatMap(layer -> Stream.of(Kind.values()).map(kind -> new CachedTensor(layer, kind)))
        .toList();
  }

  /** Graph input that takes those of the tokens before; may have no position. */
  String earlierInput() {
    return tensor() + ".earlier";
  }

  /** Name of the tensor in the graph of its stage, and of the output that gives all. */
  String tensor() {
    return "blocks." + layer + "." + kind.value;
  }

  /**
   * Sizes before the first token.
   *
   * @param heads key/value heads of a layer
   * @param headSize size of a head
   */
  long[] emptyShape(int heads, int headSize) {
    return switch (kind) {
      case KEYS -> new long[] {1, heads, headSize, 0};
      case VALUES -> new long[] {1, heads, 0, headSize};
    };
  }
}

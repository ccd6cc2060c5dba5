package org.rolescope.export.architecture;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.ModelDimensions;
import org.rolescope.tensors.bundle.RotaryEmbedding;

/** A model of a known family: everything an export must know that is not in the weights. */
public sealed interface Architecture permits Llama {
  /**
   * The architecture a configuration describes.
   *
   * @throws RolescopeException MALFORMED_MODEL where the family or a setting is not supported, or a
   *     value is missing or absurd
   */
  static Architecture of(Configuration configuration) {
    return Families.of(configuration).read().apply(configuration);
  }

  /** Sizes of the model. */
  ModelDimensions dimensions();

  /** Rotary position embedding, any scaling already applied. */
  RotaryEmbedding rotary();

  /** Added to the mean square before the root in every norm. */
  double normEpsilon();

  /** Token embedding, [vocab, d_model]. */
  TensorRequirement embedding();

  /**
   * Tensors of a block.
   *
   * @param layer number of the block, counting from 0
   */
  LayerTensors layer(int layer);

  /** Scale of the norm behind the last block, [d_model]. */
  TensorRequirement finalNorm();

  /** Output matrix, [vocab, d_model]; the embedding itself where the two are tied. */
  TensorRequirement unembedding();

  /** Every tensor the checkpoint must hold, tied ones once, in the order the model uses them. */
  default List<TensorRequirement> tensors() {
    Stream<TensorRequirement> layers =
        IntStream.range(0, dimensions().layerCount())
            .mapToObj(this::layer)
            .flatMap(layer -> layer.all().stream());
    return Stream.of(Stream.of(embedding()), layers, Stream.of(finalNorm(), unembedding()))
        .flatMap(part -> part)
        .distinct()
        .toList();
  }
}

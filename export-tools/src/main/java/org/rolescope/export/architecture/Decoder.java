package org.rolescope.export.architecture;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.rolescope.tensors.bundle.ModelDimensions;
import org.rolescope.tensors.bundle.RotaryEmbedding;

/**
 * A decoder-only transformer: everything an export must know that is not in the weights.
 *
 * @param dimensions sizes of the model
 * @param rotary rotary position embedding; empty for learned positions
 * @param slidingWindow keys a query sees in blocks with sliding-window attention, itself included;
 *     0 where no block has one
 * @param embedding token embedding, [vocab, d_model]
 * @param positionEmbedding learned positions, [context, d_model]; empty for rotary ones
 * @param blocks its blocks, in the order they run
 * @param finalNorm norm behind the last block
 * @param unembedding output matrix, [vocab, d_model]; the embedding itself where the two are tied
 */
public record Decoder(
    ModelDimensions dimensions,
    Optional<RotaryEmbedding> rotary,
    int slidingWindow,
    TensorRequirement embedding,
    Optional<TensorRequirement> positionEmbedding,
    List<Block> blocks,
    Norm finalNorm,
    TensorRequirement unembedding) {
  /** Checks that nothing is missing. */
  public Decoder {
    requireNonNull(dimensions, "dimensions are null");
    requireNonNull(rotary, "rotary is null");
    requireNonNull(embedding, "embedding is null");
    requireNonNull(positionEmbedding, "positionEmbedding is null");
    blocks = List.copyOf(blocks);
    requireNonNull(finalNorm, "finalNorm is null");
    requireNonNull(unembedding, "unembedding is null");
  }

  /** Every tensor the checkpoint must hold, tied ones once, in the order the model uses them. */
  public List<TensorRequirement> tensors() {
    return Stream.of(
            Stream.of(embedding),
            positionEmbedding.stream(),
            blocks.stream().flatMap(block -> block.tensors().stream()),
            finalNorm.tensors().stream(),
            Stream.of(unembedding))
        .flatMap(part -> part)
        .distinct()
        .toList();
  }

  /** The same model with its parameters counted, which takes the tensors, which take the sizes. */
  Decoder withParametersCounted() {
    long parameters =
        tensors().stream().mapToLong(TensorRequirement::elementCount).reduce(0, Math::addExact);
    ModelDimensions counted =
        new ModelDimensions(
            dimensions.architecture(),
            dimensions.layerCount(),
            dimensions.headCount(),
            dimensions.keyValueHeadCount(),
            dimensions.headSize(),
            dimensions.hiddenSize(),
            dimensions.intermediateSize(),
            dimensions.vocabularySize(),
            dimensions.contextLength(),
            parameters);
    return new Decoder(
        counted,
        rotary,
        slidingWindow,
        embedding,
        positionEmbedding,
        blocks,
        finalNorm,
        unembedding);
  }
}

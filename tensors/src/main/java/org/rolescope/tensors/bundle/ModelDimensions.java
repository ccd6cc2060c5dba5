package org.rolescope.tensors.bundle;

import static java.util.Objects.requireNonNull;

/**
 * Sizes of a transformer. A graph that was made elsewhere does not tell all of them: headSize and
 * intermediateSize may be 0, not known, which a bundle of stages never has.
 *
 * @param architecture family, for example {@code llama}
 * @param layerCount transformer blocks
 * @param headCount attention heads a layer
 * @param keyValueHeadCount key/value heads a layer; divides headCount
 * @param headSize width of a head; even; 0 where it is not known
 * @param hiddenSize width of the residual stream
 * @param intermediateSize width of the MLP; 0 where it is not known
 * @param vocabularySize tokens in the vocabulary
 * @param contextLength longest prompt in tokens
 * @param parameterCount parameters in all, tied ones once
 */
public record ModelDimensions(
    String architecture,
    int layerCount,
    int headCount,
    int keyValueHeadCount,
    int headSize,
    int hiddenSize,
    int intermediateSize,
    int vocabularySize,
    int contextLength,
    long parameterCount) {
  /** Checks that every size is positive, or may be unknown, and that they fit each other. */
  public ModelDimensions {
    requireNonNull(architecture, "architecture is missing");
    positive(layerCount, "layerCount");
    positive(headCount, "headCount");
    positive(keyValueHeadCount, "keyValueHeadCount");
    notNegative(headSize, "headSize");
    positive(hiddenSize, "hiddenSize");
    notNegative(intermediateSize, "intermediateSize");
    positive(vocabularySize, "vocabularySize");
    positive(contextLength, "contextLength");
    positive(parameterCount, "parameterCount");
    if (headCount % keyValueHeadCount != 0) {
      throw new IllegalArgumentException(
          "%d key/value heads do not divide %d heads".formatted(keyValueHeadCount, headCount));
    }
    if (headSize % 2 != 0) {
      throw new IllegalArgumentException("head size %d is not even".formatted(headSize));
    }
  }

  private static void positive(long value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException("%s is %d, at least 1 is needed".formatted(name, value));
    }
  }

  private static void notNegative(int value, String name) {
    if (value < 0) {
      throw new IllegalArgumentException("%s is %d, below 0".formatted(name, value));
    }
  }
}

package org.rolescope.export.stage;

/**
 * How a model is cut into stages.
 *
 * @param layersPerStage blocks in each stage but the last, which has the rest; at least 1
 * @param maxUnembeddingBytes largest part of the unembedding in one stage, in float32; at least 1.
 *     A part has at least one token
 */
public record StageSizes(int layersPerStage, long maxUnembeddingBytes) {
  /**
   * 256 MiB: what a runner must convert and hold for one part of the vocabulary. A vocabulary of
   * 128,256 tokens and a width of 4,096 gives 8 parts; small models stay in one.
   */
  public static final long DEFAULT_MAX_UNEMBEDDING_BYTES = 256L << 20;

  /** Checks that both are positive. */
  public StageSizes {
    if (layersPerStage < 1 || maxUnembeddingBytes < 1) {
      throw new IllegalArgumentException(
          "stages of %d layers and %d bytes".formatted(layersPerStage, maxUnembeddingBytes));
    }
  }
}

package org.rolescope.export.architecture;

import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.tensors.bundle.ModelDimensions;

/**
 * The sizes of Llama and its relatives, checked against each other.
 *
 * @param configuration where they stand
 * @param heads attention heads
 * @param keyValueHeads key/value heads
 * @param headSize width of a head
 */
record RotaryDecoderSizes(Configuration configuration, int heads, int keyValueHeads, int headSize) {
  private static final String HEADS = "num_attention_heads";
  private static final String KEY_VALUE_HEADS = "num_key_value_heads";
  private static final String HEAD_SIZE = "head_dim";
  private static final String WIDTH = "hidden_size";

  /**
   * Reads the sizes.
   *
   * @param defaultKeyValueHeads key/value heads where nothing is said; 0 for as many as heads
   * @param defaultHeadSize head size where nothing is said; 0 for the width over the heads
   */
  static RotaryDecoderSizes read(
      Configuration configuration, int defaultKeyValueHeads, int defaultHeadSize) {
    int heads = configuration.size(HEADS, Limits.HEADS);
    int absentMeans =
        defaultKeyValueHeads == 0 || configuration.isNull(KEY_VALUE_HEADS)
            ? heads
            : defaultKeyValueHeads;
    int keyValueHeads = configuration.size(KEY_VALUE_HEADS, Limits.HEADS, absentMeans);
    if (heads % keyValueHeads != 0) {
      throw configuration.malformed(
          KEY_VALUE_HEADS,
          "is %d, which does not divide the %d heads".formatted(keyValueHeads, heads));
    }
    int headSize = headSize(configuration, heads, defaultHeadSize);
    return new RotaryDecoderSizes(configuration, heads, keyValueHeads, headSize);
  }

  private static int headSize(Configuration configuration, int heads, int absentMeans) {
    int width = configuration.size(WIDTH, Limits.WIDTH);
    boolean derived =
        !configuration.has(HEAD_SIZE) && (absentMeans == 0 || configuration.isNull(HEAD_SIZE));
    if (derived && width % heads != 0) {
      throw configuration.malformed(
          WIDTH, "is %d, which %d heads do not divide".formatted(width, heads));
    }
    int headSize =
        derived ? width / heads : configuration.size(HEAD_SIZE, Limits.HEAD_SIZE, absentMeans);
    if (headSize % 2 != 0 || headSize > Limits.HEAD_SIZE) {
      throw configuration.malformed(
          HEAD_SIZE,
          "is %d where an even number up to %d is needed".formatted(headSize, Limits.HEAD_SIZE));
    }
    return headSize;
  }

  /** All sizes; the parameters are not counted yet. */
  ModelDimensions dimensions(String family, int contextLength) {
    return new ModelDimensions(
        family,
        configuration.size("num_hidden_layers", Limits.LAYERS),
        heads,
        keyValueHeads,
        headSize,
        configuration.size(WIDTH, Limits.WIDTH),
        configuration.size("intermediate_size", Limits.INTERMEDIATE),
        configuration.size("vocab_size", Limits.VOCABULARY),
        contextLength,
        1);
  }
}

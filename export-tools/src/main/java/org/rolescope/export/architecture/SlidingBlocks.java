package org.rolescope.export.architecture;

import java.util.List;
import java.util.function.IntPredicate;
import org.rolescope.export.checkpoint.Configuration;

/**
 * Which blocks see only a sliding window.
 *
 * @param window keys a query sees in these blocks, itself included; 0 where there are none
 * @param slides whether the block with this number is one
 */
record SlidingBlocks(int window, IntPredicate slides) {
  static final SlidingBlocks NONE = new SlidingBlocks(0, block -> false);

  private static final String WINDOW = "sliding_window";
  private static final String USE = "use_sliding_window";
  private static final String TYPES = "layer_types";
  private static final String FIRST_SLIDING = "max_window_layers";
  private static final String SLIDING_TYPE = "sliding_attention";
  private static final int DEFAULT_WINDOW = 4096;
  private static final int DEFAULT_FIRST_SLIDING = 28;

  /** All blocks, unless {@code sliding_window} is null; where it is absent, the window is 4096. */
  static SlidingBlocks all(Configuration configuration) {
    int window = window(configuration);
    return window == 0 ? NONE : new SlidingBlocks(window, block -> true);
  }

  /**
   * The blocks that {@code layer_types} names, or those from {@code max_window_layers} on; none
   * where {@code use_sliding_window} is not true.
   */
  static SlidingBlocks some(Configuration configuration) {
    int window = configuration.flag(USE, false) ? window(configuration) : 0;
    if (configuration.has(TYPES)) {
      return listed(configuration, window);
    }
    int first =
        configuration.sizeOrZero(FIRST_SLIDING, Limits.CONTEXT).orElse(DEFAULT_FIRST_SLIDING);
    boolean any = window > 0 && first < layers(configuration);
    return any ? new SlidingBlocks(window, block -> block >= first) : NONE;
  }

  private static SlidingBlocks listed(Configuration configuration, int window) {
    List<String> types = configuration.texts(TYPES);
    int layers = layers(configuration);
    if (types.size() != layers) {
      throw configuration.malformed(
          TYPES, "lists %d blocks where the model has %d".formatted(types.size(), layers));
    }
    if (!types.stream().allMatch(List.of(SLIDING_TYPE, "full_attention")::contains)) {
      throw configuration.unsupported(TYPES, "only \"full_attention\" and \"sliding_attention\"");
    }
    if (!types.contains(SLIDING_TYPE)) {
      return NONE;
    }
    if (window == 0) {
      throw configuration.malformed(
          TYPES, "names sliding blocks where %s or %s says there are none".formatted(USE, WINDOW));
    }
    return new SlidingBlocks(window, block -> types.get(block).equals(SLIDING_TYPE));
  }

  private static int window(Configuration configuration) {
    return configuration.isNull(WINDOW)
        ? 0
        : configuration.size(WINDOW, Limits.CONTEXT, DEFAULT_WINDOW);
  }

  private static int layers(Configuration configuration) {
    return configuration.size("num_hidden_layers", Limits.LAYERS);
  }
}

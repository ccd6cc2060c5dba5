package org.rolescope.export.verify;

import java.util.List;
import java.util.stream.IntStream;
import org.rolescope.export.checkpoint.Configuration;

/** Which layers see only a window of the latest keys. */
final class SlidingWindows {
  private static final int MAX_WINDOW = 1 << 30;
  private static final int MAX_LAYERS = 10_000;

  /** What Mistral and Qwen mean where the configuration names no window. */
  private static final int DEFAULT_WINDOW = 4096;

  private static final int DEFAULT_FULL_LAYERS = 28;

  private SlidingWindows() {}

  /**
   * Keys each layer's queries see, themselves included; 0 for all.
   *
   * <p>Mistral: every layer, unless {@code sliding_window} is null. Qwen: where {@code
   * use_sliding_window} is set, those {@code layer_types} calls {@code sliding_attention}, or,
   * without that list, those from {@code max_window_layers} on.
   */
  static List<Integer> read(GatedFamily family, Configuration configuration, int layers) {
    return IntStream.range(0, layers)
        .mapToObj(layer -> slides(family, configuration, layer) ? window(configuration) : 0)
        .toList();
  }

  private static boolean slides(GatedFamily family, Configuration configuration, int layer) {
    return switch (family) {
      case LLAMA -> false;
      case MISTRAL -> true;
      case QWEN2, QWEN3 -> qwenSlides(configuration, layer);
    };
  }

  private static int window(Configuration configuration) {
    boolean isNull =
        configuration.fields().has("sliding_window") && !configuration.has("sliding_window");
    return isNull ? 0 : configuration.size("sliding_window", MAX_WINDOW, DEFAULT_WINDOW);
  }

  private static boolean qwenSlides(Configuration configuration, int layer) {
    if (!configuration.flag("use_sliding_window", false)) {
      return false;
    }
    List<String> types = configuration.texts("layer_types");
    return types.isEmpty()
        ? layer >= fullLayers(configuration)
        : layer < types.size() && types.get(layer).equals("sliding_attention");
  }

  /** Zero is a number here: every layer slides. */
  private static int fullLayers(Configuration configuration) {
    String field = "max_window_layers";
    return configuration.fields().path(field).asInt(-1) == 0
        ? 0
        : configuration.size(field, MAX_LAYERS, DEFAULT_FULL_LAYERS);
  }
}

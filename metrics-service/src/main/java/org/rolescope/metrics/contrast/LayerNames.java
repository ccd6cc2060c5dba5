package org.rolescope.metrics.contrast;

import java.util.List;
import java.util.stream.Collectors;

/** Names layers in a sentence. */
public final class LayerNames {
  private static final int MOST_NAMED = 8;

  private LayerNames() {}

  /**
   * For example {@code layer 3}, {@code layers 3 and 5}, {@code layers 3, 5 and 7}; beyond eight
   * the rest is counted.
   *
   * @param layers at least one, counting from 0
   */
  public static String of(List<Integer> layers) {
    List<String> numbers =
        layers.stream().map(layer -> Integer.toString(layer)).limit(MOST_NAMED).toList();
    if (layers.size() == 1) {
      return "layer " + numbers.getFirst();
    }
    if (layers.size() > MOST_NAMED) {
      return "layers "
          + String.join(", ", numbers)
          + " and "
          + (layers.size() - MOST_NAMED)
          + " more";
    }
    String allButLast =
        numbers.stream().limit(numbers.size() - 1L).collect(Collectors.joining(", "));
    return "layers " + allButLast + " and " + numbers.getLast();
  }
}

package org.rolescope.orchestrator.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.v1.LayerEntropies;

/**
 * Where attention goes by position.
 *
 * @param parts the models, base first
 * @param categories in order of the prompt set
 * @param rows by model, layer, head, category; none of layers where it was not measured
 */
public record KeyAttention(
    List<String> parts, List<String> categories, List<KeyAttentionRow> rows) {
  /** Keys at either end of a prompt. */
  private static final int KEYS = 3;

  /** Copies the lists. */
  public KeyAttention {
    parts = List.copyOf(parts);
    categories = List.copyOf(categories);
    rows = List.copyOf(rows);
  }

  /**
   * Attention of a head to a key at either end, mean over those three keys, over query positions
   * from 1 on, and over prompts. Keys a prompt does not have are left out.
   *
   * @param part the model
   * @param layer the layer
   * @param head the head
   * @param category the category of the prompts
   * @param first to the first three keys
   * @param last to the last three keys
   */
  public record KeyAttentionRow(
      String part, int layer, int head, String category, double first, double last) {}

  static KeyAttention of(MeasuredLayers measured, List<Integer> layers) {
    List<KeyAttentionRow> rows = new ArrayList<>();
    measured
        .parts()
        .forEach(
            (slot, part) ->
                layers.forEach(layer -> rows.addAll(rows(measured, slot, part, layer))));
    return new KeyAttention(List.copyOf(measured.parts().values()), measured.categories(), rows);
  }

  private static List<KeyAttentionRow> rows(
      MeasuredLayers measured, ModelSlot slot, String part, int layer) {
    LayerEntropies entropies = measured.layer(slot, layer);
    List<KeyAttentionRow> rows = new ArrayList<>();
    if (!entropies.hasKeyAttention()) {
      return rows;
    }
    List<String> categoryOfEach = measured.categoryOfEachPrompt();
    Map<String, int[]> promptsOfEach = measured.promptsOfEachCategory();
    for (int head = 0; head < entropies.getHeadCount(); head++) {
      int from = head * categoryOfEach.size() * KEYS;
      for (Map.Entry<String, int[]> category : promptsOfEach.entrySet()) {
        rows.add(
            new KeyAttentionRow(
                part,
                layer,
                head,
                category.getKey(),
                mean(entropies.getKeyAttention().getFirstList(), from, category.getValue()),
                mean(entropies.getKeyAttention().getLastList(), from, category.getValue())));
      }
    }
    return rows;
  }

  private static double mean(List<Double> attention, int from, int[] prompts) {
    double[] means = new double[prompts.length];
    for (int index = 0; index < prompts.length; index++) {
      means[index] = overKeys(attention, from + prompts[index] * KEYS);
    }
    return Samples.of(means).mean();
  }

  private static double overKeys(List<Double> attention, int from) {
    double[] keys = new double[KEYS];
    for (int key = 0; key < KEYS; key++) {
      keys[key] = attention.get(from + key);
    }
    return Samples.of(keys).mean();
  }
}

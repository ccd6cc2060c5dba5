package org.rolescope.orchestrator.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.rolescope.orchestrator.artifacts.EntropyNames;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.plan.RoleCategoryNames;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.EntropyTable;

/**
 * Entropy of every category of prompts in every layer: of each prompt the mean over heads, of those
 * the mean over the prompts.
 *
 * @param entropy kind of entropy
 * @param parts the models, base first
 * @param categories in order of the prompt set
 * @param rows by model, layer, category
 * @param differences confounder minus self, where there is a confounder, and neutral minus self, by
 *     model and layer
 */
public record Categories(
    String entropy,
    List<String> parts,
    List<String> categories,
    List<CategoryRow> rows,
    List<CategoryDifference> differences) {
  /** Copies the lists. */
  public Categories {
    parts = List.copyOf(parts);
    categories = List.copyOf(categories);
    rows = List.copyOf(rows);
    differences = List.copyOf(differences);
  }

  /**
   * One category in one layer.
   *
   * @param part the model
   * @param layer the layer
   * @param category the category
   * @param mean mean over its prompts
   * @param low lower end of Student's 95% interval; NaN for fewer than two prompts
   * @param high its upper end
   * @param n number of prompts that have such an entropy
   */
  public record CategoryRow(
      String part, int layer, String category, double mean, double low, double high, int n) {}

  /**
   * Two categories in one layer.
   *
   * @param part the model
   * @param layer the layer
   * @param minuend the category subtracted from
   * @param subtrahend the category subtracted
   * @param mean difference of the means
   * @param low lower end of Welch's 95% interval; NaN for fewer than two prompts
   * @param high its upper end
   */
  public record CategoryDifference(
      String part,
      int layer,
      String minuend,
      String subtrahend,
      double mean,
      double low,
      double high) {}

  static Categories of(MeasuredLayers measured, EntropyKind kind, RoleCategoryNames roles) {
    List<CategoryRow> rows = new ArrayList<>();
    List<CategoryDifference> differences = new ArrayList<>();
    measured
        .parts()
        .forEach(
            (slot, part) ->
                IntStream.range(0, measured.layerCount())
                    .forEach(
                        layer -> {
                          Map<String, Samples> samples = samples(measured, slot, layer, kind);
                          samples.forEach(
                              (category, sample) -> rows.add(row(part, layer, category, sample)));
                          for (String minuend : List.of(roles.confounder(), roles.neutral())) {
                            if (samples.containsKey(minuend)) {
                              differences.add(
                                  difference(part, layer, minuend, roles.self(), samples));
                            }
                          }
                        }));
    return new Categories(
        EntropyNames.name(kind),
        List.copyOf(measured.parts().values()),
        measured.categories(),
        rows,
        differences);
  }

  private static CategoryRow row(String part, int layer, String category, Samples sample) {
    Estimate mean = sample.estimate();
    return new CategoryRow(
        part, layer, category, mean.value(), mean.low(), mean.high(), sample.count());
  }

  private static CategoryDifference difference(
      String part, int layer, String minuend, String subtrahend, Map<String, Samples> samples) {
    Estimate difference = samples.get(minuend).minus(samples.get(subtrahend));
    return new CategoryDifference(
        part, layer, minuend, subtrahend, difference.value(), difference.low(), difference.high());
  }

  /** The prompts of each category, each by its mean over heads. */
  private static Map<String, Samples> samples(
      MeasuredLayers measured, ModelSlot slot, int layer, EntropyKind kind) {
    EntropyTable table = measured.table(slot, layer, kind);
    int promptCount = measured.categoryOfEachPrompt().size();
    Map<String, Samples> samples = new LinkedHashMap<>();
    measured
        .promptsOfEachCategory()
        .forEach(
            (category, prompts) ->
                samples.put(
                    category,
                    Samples.of(
                        IntStream.of(prompts)
                            .mapToDouble(prompt -> overHeads(table, prompt, promptCount))
                            .toArray())));
    return samples;
  }

  /** Mean over the heads that have such an entropy. */
  private static double overHeads(EntropyTable table, int prompt, int promptCount) {
    double[] heads = new double[table.getNatsCount() / promptCount];
    for (int head = 0; head < heads.length; head++) {
      heads[head] = table.getNats(head * promptCount + prompt);
    }
    return Samples.of(heads).mean();
  }
}

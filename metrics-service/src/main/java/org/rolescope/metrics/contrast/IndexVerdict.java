package org.rolescope.metrics.contrast;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.rolescope.metrics.role.RoleIndex;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.metrics.stats.Interval;

/**
 * The sentences of a verdict about one index.
 *
 * @param index the index
 * @param layers the layers compared; at least one
 * @param options the options that made them
 */
record IndexVerdict(RoleIndex index, List<LayerContrast> layers, RoleOptions options) {
  /** In how many layers the default estimator rises and falls significantly. */
  String changes() {
    int rising = where(layer -> isSignificant(layer) && value(layer) > 0).size();
    int falling = where(layer -> isSignificant(layer) && value(layer) < 0).size();
    String counts =
        rising + falling == 0
            ? "no layer of " + layers.size() + " changes"
            : "of "
                + layers.size()
                + (layers.size() == 1 ? " layer, " : " layers, ")
                + counted(rising, "rises", "rise")
                + " and "
                + counted(falling, "falls", "fall");
    return index
        + " from base to instruct by the default estimator: "
        + counts
        + " at q < "
        + options.significanceLevel()
        + ".";
  }

  /** The largest change: among significant ones, where there are any. */
  Optional<String> strongest() {
    List<LayerContrast> significant = where(this::isSignificant);
    List<LayerContrast> candidates = significant.isEmpty() ? where(this::isDefined) : significant;
    return candidates.stream()
        .max(Comparator.comparingDouble(layer -> Math.abs(value(layer))))
        .map(
            layer ->
                String.format(
                    Locale.ROOT,
                    "The largest %schange is %+.4f in layer %d (%s, q = %.4f).",
                    significant.isEmpty() ? "" : "significant ",
                    value(layer),
                    layer.layer(),
                    interval(layer.difference(index).ratioOfSums().confidence()),
                    layer.difference(index).qValue()));
  }

  /** Layers that have no default estimate. */
  Optional<String> undefined() {
    List<LayerContrast> undefined = where(layer -> !isDefined(layer));
    return undefined.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "There is no default estimate in "
                + named(undefined)
                + ", because neutral prompts have no entropy there.");
  }

  /** Where the reference estimator disagrees in sign or significance. */
  String agreement() {
    List<LayerContrast> bySign = where(layer -> isComparable(layer) && signsDiffer(layer));
    List<LayerContrast> bySignificance =
        where(layer -> isComparable(layer) && significanceDiffers(layer));
    List<String> disagreements = new ArrayList<>();
    if (!bySign.isEmpty()) {
      disagreements.add("has the opposite sign in " + named(bySign));
    }
    if (!bySignificance.isEmpty()) {
      disagreements.add("judges significance otherwise in " + named(bySignificance));
    }
    if (disagreements.isEmpty()) {
      boolean everywhere = layers.stream().allMatch(this::isComparable);
      disagreements.add(
          "agrees in sign and significance in every layer"
              + (everywhere ? "" : " where both are defined"));
    }
    return "The reference estimator " + String.join(" and ", disagreements) + ".";
  }

  /** Opposite signs, unless both changes are so small that they count as none. */
  private boolean signsDiffer(LayerContrast layer) {
    double reference = layer.difference(index).reference().value();
    boolean bothUnchanged =
        SeriesSummary.isUnchanged(reference) && SeriesSummary.isUnchanged(value(layer));
    return reference * value(layer) < 0 && !bothUnchanged;
  }

  private boolean significanceDiffers(LayerContrast layer) {
    return isSignificant(layer) != layer.difference(index).referenceSignificant();
  }

  private boolean isComparable(LayerContrast layer) {
    return isDefined(layer)
        && !Double.isNaN(layer.difference(index).reference().confidence().low());
  }

  private boolean isDefined(LayerContrast layer) {
    return !Double.isNaN(value(layer));
  }

  private boolean isSignificant(LayerContrast layer) {
    return layer.difference(index).significant();
  }

  private double value(LayerContrast layer) {
    return layer.difference(index).ratioOfSums().value();
  }

  private List<LayerContrast> where(Predicate<LayerContrast> condition) {
    return layers.stream().filter(condition).toList();
  }

  private static String named(List<LayerContrast> layers) {
    return LayerNames.of(layers.stream().map(LayerContrast::layer).toList());
  }

  private static String counted(int count, String singular, String plural) {
    return count + " " + (count == 1 ? singular : plural);
  }

  private static String interval(Interval confidence) {
    return Double.isNaN(confidence.low())
        ? "95% CI undefined"
        : String.format(Locale.ROOT, "95%% CI %+.4f to %+.4f", confidence.low(), confidence.high());
  }
}

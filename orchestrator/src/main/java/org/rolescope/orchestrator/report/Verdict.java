package org.rolescope.orchestrator.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.rolescope.v1.Estimate;
import org.rolescope.v1.LayerContrast;
import org.rolescope.v1.LayerRoles;

/** What was found, in words. */
public final class Verdict {
  private Verdict() {}

  /** A paragraph each. */
  public static List<String> paragraphs(FinishedRun run) {
    return run.compares()
        ? run.results()
            .getComparison()
            .getVerdict()
            .lines()
            .filter(line -> !line.isBlank())
            .toList()
        : List.of(ofOneModel(run.results().getRoles().getLayersList()));
  }

  /** Which layers' reference values are moved by heads whose denominator nearly vanishes. */
  static String stability(FinishedRun run) {
    List<Integer> unstable =
        run.compares()
            ? run.results().getComparison().getLayersList().stream()
                .filter(LayerContrast::getUnstable)
                .map(LayerContrast::getLayer)
                .toList()
            : run.results().getRoles().getLayersList().stream()
                .filter(LayerRoles::getUnstable)
                .map(LayerRoles::getLayer)
                .toList();
    String heads =
        "heads with less than %s nats of entropy on neutral prompts"
            .formatted(run.options().getDegenerateBelowNats());
    double limit = run.options().getUnstableAbove();
    if (unstable.isEmpty()) {
      return "No layer is unstable: nowhere do %s move the reference value by more than %s."
          .formatted(heads, limit);
    }
    return "%s %s: %s move the reference value there by more than %s, so read the default estimator."
        .formatted(
            unstable.size() == 1 ? "Layer" : "Layers",
            unstable.stream().map(Object::toString).collect(Collectors.joining(", "))
                + (unstable.size() == 1 ? " is unstable" : " are unstable"),
            heads,
            limit);
  }

  private static String ofOneModel(List<LayerRoles> layers) {
    List<Estimate> values =
        layers.stream()
            .map(layer -> layer.getRfc().getRatioOfSums())
            .filter(value -> !Double.isNaN(value.getValue()))
            .toList();
    if (values.isEmpty()) {
      return "One model was measured. No layer has a value of RFC, because neutral prompts have no"
          + " entropy.";
    }
    return String.format(
        Locale.ROOT,
        "One model was measured, so nothing is compared. Its RFC by the default estimator runs from"
            + " %+.4f to %+.4f over the layers; its interval lies above 0 in %d of %d layers and"
            + " below 0 in %d.",
        values.stream().mapToDouble(Estimate::getValue).min().orElseThrow(),
        values.stream().mapToDouble(Estimate::getValue).max().orElseThrow(),
        values.stream().filter(value -> value.getConfidence().getLow() > 0).count(),
        layers.size(),
        values.stream().filter(value -> value.getConfidence().getHigh() < 0).count());
  }
}

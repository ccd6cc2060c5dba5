package org.rolescope.cli.output;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.rolescope.v1.Ablation;
import org.rolescope.v1.CategoryDivergence;
import org.rolescope.v1.InterventionEffect;
import org.rolescope.v1.InterventionResults;
import org.rolescope.v1.LayerEffects;

/** What ablations do, as a table. */
public final class InterventionReport {
  private static final String NOTHING = "-";

  private final PrintWriter out;

  /** Prints to this writer. */
  public InterventionReport(PrintWriter out) {
    this.out = out;
  }

  /** Prints a row an intervention, in the order of the plan. */
  public void print(InterventionResults results) {
    out.printf("%d interventions on %s%n", results.getEffectsCount(), results.getModel().getName());
    out.println(
        AsciiTable.builder()
            .border(Tables.BORDER)
            .data(results.getEffectsList(), columns(results.getEffects(0)))
            .asString());
    out.println(
        "KL: divergence of the next token from the model as it is, mean over the prompts of a category, nats.");
    out.println(
        "Change of RFC: the later layer, itself not ablated, where it is largest, by the default estimator, 95% bootstrap interval.");
    out.printf("Artifacts in %s%n", results.getFolder());
    out.flush();
  }

  private static List<ColumnData<InterventionEffect>> columns(InterventionEffect first) {
    List<ColumnData<InterventionEffect>> columns = new ArrayList<>();
    columns.add(Tables.left("Intervention").with(effect -> effect.getIntervention().getName()));
    for (int index = 0; index < first.getDivergencesCount(); index++) {
      int category = index;
      columns.add(
          column(
              "KL " + first.getDivergences(index).getCategory(),
              effect -> Tables.plain(effect.getDivergences(category).getMeanKlNats())));
    }
    if (first.getDivergencesList().stream().anyMatch(InterventionReport::hasAnswers)) {
      for (int index = 0; index < first.getDivergencesCount(); index++) {
        int category = index;
        columns.add(
            column(
                "logits " + first.getDivergences(index).getCategory(),
                effect ->
                    Tables.signed(effect.getDivergences(category).getMeanLogitDifferenceChange())));
      }
    }
    columns.add(
        column(
            "at layer",
            effect -> largest(effect).map(each -> "" + each.getLayer()).orElse(NOTHING)));
    columns.add(
        column(
            "change of RFC [95% CI]",
            effect ->
                largest(effect).map(each -> Tables.withInterval(each.getRfc())).orElse(NOTHING)));
    return columns;
  }

  private static boolean hasAnswers(CategoryDivergence divergence) {
    return !Double.isNaN(divergence.getMeanLogitDifferenceChange());
  }

  /** In a layer whose heads are ablated the change is in part what was put there, and no effect. */
  private static Optional<LayerEffects> largest(InterventionEffect effect) {
    Set<Integer> ablated =
        effect.getIntervention().getAblationsList().stream()
            .map(Ablation::getLayer)
            .collect(Collectors.toSet());
    return effect.getLayersList().stream()
        .filter(layer -> !ablated.contains(layer.getLayer()))
        .filter(layer -> !Double.isNaN(layer.getRfc().getValue()))
        .max(Comparator.comparingDouble(layer -> Math.abs(layer.getRfc().getValue())));
  }

  private static ColumnData<InterventionEffect> column(
      String header, Function<InterventionEffect, String> cell) {
    return new Column().header(header).with(cell);
  }
}

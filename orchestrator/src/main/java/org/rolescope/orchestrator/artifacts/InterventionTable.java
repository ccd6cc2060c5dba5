package org.rolescope.orchestrator.artifacts;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.rolescope.v1.CategoryDivergence;
import org.rolescope.v1.Estimate;
import org.rolescope.v1.InterventionEffect;
import org.rolescope.v1.LayerEffects;

/**
 * {@code effects.csv}: a row a layer of each intervention, from the first it changes on. What holds
 * for an intervention as a whole, the divergence of next tokens, stands in each of its rows.
 */
public final class InterventionTable {
  private InterventionTable() {}

  /**
   * A row.
   *
   * @param effect the intervention
   * @param layer one of its layers
   */
  private record Row(InterventionEffect effect, LayerEffects layer) {}

  /**
   * The table of an ablation run.
   *
   * @param effects what its interventions do, on the same prompts
   */
  public static Table<?> of(List<InterventionEffect> effects) {
    List<Column<Row>> columns = new ArrayList<>();
    columns.add(new Column.Text<>("intervention", row -> row.effect().getIntervention().getName()));
    columns.add(new Column.Whole<>("layer", row -> row.layer().getLayer()));
    estimate(columns, "delta_self_nats", LayerEffects::getSelfNats);
    estimate(columns, "delta_neutral_nats", LayerEffects::getNeutralNats);
    estimate(columns, "delta_confounder_nats", LayerEffects::getConfounderNats);
    estimate(columns, "delta_rfc", LayerEffects::getRfc);
    estimate(columns, "delta_rsi", LayerEffects::getRsi);
    if (!effects.isEmpty()) {
      divergences(columns, effects.getFirst().getDivergencesList());
    }
    return new Table<>(
        columns,
        effects.stream()
            .flatMap(effect -> effect.getLayersList().stream().map(layer -> new Row(effect, layer)))
            .iterator());
  }

  private static void estimate(
      List<Column<Row>> columns, String name, Function<LayerEffects, Estimate> estimate) {
    columns.add(new Column.Real<>(name, row -> estimate.apply(row.layer()).getValue()));
    columns.add(
        new Column.Real<>(
            name + "_ci_low", row -> estimate.apply(row.layer()).getConfidence().getLow()));
    columns.add(
        new Column.Real<>(
            name + "_ci_high", row -> estimate.apply(row.layer()).getConfidence().getHigh()));
  }

  private static void divergences(List<Column<Row>> columns, List<CategoryDivergence> categories) {
    for (int index = 0; index < categories.size(); index++) {
      int category = index;
      String name = categories.get(index).getCategory();
      columns.add(
          new Column.Real<>(
              "kl_%s_nats".formatted(name),
              row -> row.effect().getDivergences(category).getMeanKlNats()));
      columns.add(
          new Column.Real<>(
              "logit_difference_change_" + name,
              row -> row.effect().getDivergences(category).getMeanLogitDifferenceChange()));
    }
  }
}

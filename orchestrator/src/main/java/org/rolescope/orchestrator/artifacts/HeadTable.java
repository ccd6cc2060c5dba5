package org.rolescope.orchestrator.artifacts;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.rolescope.v1.HeadIndex;
import org.rolescope.v1.HeadRoles;
import org.rolescope.v1.RunResults;

/**
 * {@code heads}: a row a head of each model, in order of model (base first), layer, head. Pooled
 * entropies are in nats; indices and effect sizes have no unit.
 */
public final class HeadTable {
  private HeadTable() {}

  private record Row(String model, int layer, HeadRoles head) {}

  /** The table of a run. */
  public static Table<?> of(RunResults results) {
    return new Table<>(
        columns(),
        ModelRoles.layers(ModelRoles.of(results))
            .flatMap(
                layer ->
                    layer.roles().getHeadsList().stream()
                        .map(head -> new Row(layer.model(), layer.roles().getLayer(), head)))
            .iterator());
  }

  private static List<Column<Row>> columns() {
    List<Column<Row>> columns = new ArrayList<>();
    columns.add(new Column.Text<>("model", Row::model));
    columns.add(new Column.Whole<>("layer", Row::layer));
    columns.add(new Column.Whole<>("head", row -> row.head().getHead()));
    columns.addAll(index("reference", row -> row.head().getReference()));
    columns.addAll(index("exact", row -> row.head().getExact()));
    columns.add(new Column.Flag<>("degenerate", row -> row.head().getDegenerate()));
    columns.add(new Column.Real<>("cohens_d", row -> EffectSizes.of(row.head()).getCohensD()));
    columns.add(new Column.Real<>("hedges_g", row -> EffectSizes.of(row.head()).getHedgesG()));
    return columns;
  }

  private static List<Column<Row>> index(String entropy, Function<Row, HeadIndex> index) {
    return List.of(
        new Column.Real<>(entropy + "_self_nats", row -> index.apply(row).getSelfNats()),
        new Column.Real<>(entropy + "_neutral_nats", row -> index.apply(row).getNeutralNats()),
        new Column.Real<>(
            entropy + "_confounder_nats", row -> index.apply(row).getConfounderNats()),
        new Column.Real<>(entropy + "_rfc", row -> index.apply(row).getRfc()),
        new Column.Real<>(entropy + "_rsi", row -> index.apply(row).getRsi()));
  }
}

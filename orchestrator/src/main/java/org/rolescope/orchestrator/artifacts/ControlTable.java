package org.rolescope.orchestrator.artifacts;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.rolescope.v1.ControlledIndices;
import org.rolescope.v1.Estimate;
import org.rolescope.v1.RunResults;

/**
 * {@code controls}: RFC and RSI by the default estimator from each kind of entropy, a row a kind of
 * each layer of each model and, where two are compared, of their difference. In order of model
 * (base, instruct, difference), layer, kind.
 */
public final class ControlTable {
  private ControlTable() {}

  private record Row(String model, int layer, ControlledIndices indices) {}

  /** The table of a run; without rows where nothing was controlled. */
  public static Table<?> of(RunResults results) {
    Stream<Row> models =
        ModelRoles.layers(ModelRoles.of(results))
            .flatMap(
                layer ->
                    rows(layer.model(), layer.roles().getLayer(), layer.roles().getControlsList()));
    Stream<Row> differences =
        results.getComparison().getLayersList().stream()
            .flatMap(
                layer -> rows(ModelPart.DIFFERENCE, layer.getLayer(), layer.getControlsList()));
    return new Table<>(columns(), Stream.concat(models, differences).iterator());
  }

  private static Stream<Row> rows(String model, int layer, List<ControlledIndices> controls) {
    return controls.stream().map(each -> new Row(model, layer, each));
  }

  private static List<Column<Row>> columns() {
    List<Column<Row>> columns = new ArrayList<>();
    columns.add(new Column.Text<>("model", Row::model));
    columns.add(new Column.Whole<>("layer", Row::layer));
    columns.add(new Column.Text<>("entropy", row -> EntropyNames.name(row.indices().getKind())));
    columns.addAll(estimate("rfc", row -> row.indices().getRfc()));
    columns.addAll(estimate("rsi", row -> row.indices().getRsi()));
    return columns;
  }

  private static List<Column<Row>> estimate(String name, Function<Row, Estimate> estimate) {
    return List.of(
        new Column.Real<>(name, row -> estimate.apply(row).getValue()),
        new Column.Real<>(name + "_ci_low", row -> estimate.apply(row).getConfidence().getLow()),
        new Column.Real<>(name + "_ci_high", row -> estimate.apply(row).getConfidence().getHigh()));
  }
}

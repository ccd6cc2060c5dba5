package org.rolescope.orchestrator.artifacts;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.EntropyTable;
import org.rolescope.v1.LayerEntropies;

/**
 * {@code prompts}: the entropy of every prompt in every head, a column a kind of entropy. In order
 * of model (base first), layer, head, prompt. One layer is in memory at a time.
 */
public final class PromptTable {
  private final List<String> categories;
  private final List<EntropyKind> kinds;

  private PromptTable(List<String> categories, List<EntropyKind> kinds) {
    this.categories = categories;
    this.kinds = kinds;
  }

  /**
   * One model.
   *
   * @param part the part it plays, of {@link ModelPart}
   * @param layers opens its layers, in order; read one after the other
   */
  public record Source(String part, Supplier<Stream<LayerEntropies>> layers) {
    /** Checks that both are there. */
    public Source {
      requireNonNull(part, "part is null");
      requireNonNull(layers, "layers is null");
    }
  }

  /**
   * A prompt in a head.
   *
   * @param tables one a kind of entropy, [head, prompt]; empty where the layer has none
   */
  private record Row(
      String model, LayerEntropies layer, List<EntropyTable> tables, int head, int prompt) {
    double entropy(int column) {
      EntropyTable table = tables.get(column);
      return table.getNatsCount() == 0
          ? Double.NaN
          : table.getNats(head * layer.getQueryCountsCount() + prompt);
    }
  }

  /**
   * The table of a run. The kinds of entropy are those of the first layers; one that a later layer
   * lacks is missing there.
   *
   * @param categories category of each prompt, in prompt order
   */
  public static Table<?> of(List<Source> models, List<String> categories) {
    PromptTable table = new PromptTable(List.copyOf(categories), kinds(models));
    return new Table<>(table.columns(), models.stream().flatMap(table::rows).iterator());
  }

  private static List<EntropyKind> kinds(List<Source> models) {
    return models.stream()
        .flatMap(model -> model.layers().get().limit(1))
        .flatMap(layer -> layer.getTablesList().stream())
        .map(EntropyTable::getKind)
        .distinct()
        .sorted()
        .toList();
  }

  private Stream<Row> rows(Source model) {
    return model.layers().get().flatMap(layer -> rows(model.part(), layer));
  }

  private Stream<Row> rows(String model, LayerEntropies layer) {
    List<EntropyTable> tables = kinds.stream().map(kind -> table(layer, kind)).toList();
    return IntStream.range(0, layer.getHeadCount())
        .boxed()
        .flatMap(
            head ->
                IntStream.range(0, layer.getQueryCountsCount())
                    .mapToObj(prompt -> new Row(model, layer, tables, head, prompt)));
  }

  private static EntropyTable table(LayerEntropies layer, EntropyKind kind) {
    return layer.getTablesList().stream()
        .filter(table -> table.getKind() == kind)
        .findFirst()
        .orElse(EntropyTable.getDefaultInstance());
  }

  private List<Column<Row>> columns() {
    List<Column<Row>> columns = new ArrayList<>();
    columns.add(new Column.Text<>("model", Row::model));
    columns.add(new Column.Whole<>("layer", row -> row.layer().getLayer()));
    columns.add(new Column.Whole<>("head", Row::head));
    columns.add(new Column.Whole<>("prompt", Row::prompt));
    columns.add(new Column.Text<>("category", row -> categories.get(row.prompt())));
    columns.add(new Column.Whole<>("token_count", row -> row.layer().getQueryCounts(row.prompt())));
    for (int column = 0; column < kinds.size(); column++) {
      int index = column;
      columns.add(
          new Column.Real<>(EntropyNames.column(kinds.get(index)), row -> row.entropy(index)));
    }
    return columns;
  }
}

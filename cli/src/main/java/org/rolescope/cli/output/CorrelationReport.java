package org.rolescope.cli.output;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.rolescope.v1.CorrelateSeriesResponse;
import org.rolescope.v1.SeriesCorrelation;
import org.rolescope.v1.SeriesDescription;

/** Series and their correlations, as tables and sentences. */
public final class CorrelationReport {
  private final PrintWriter out;

  /** Prints to this writer. */
  public CorrelationReport(PrintWriter out) {
    this.out = out;
  }

  /** Prints tables and verdict. */
  public void print(String column, CorrelateSeriesResponse response) {
    printTables(column, response);
    out.println(response.getVerdict());
    out.println();
    out.flush();
  }

  /** Prints the tables alone. */
  public void printTables(String column, CorrelateSeriesResponse response) {
    out.println("Layers of " + column);
    out.println(
        table(
            response.getSeriesList(),
            List.of(
                column("Family", SeriesDescription::getName),
                column("layers", series -> "" + series.getTotalLayers()),
                column("mean", series -> Tables.signed(series.getSummary().getMean())),
                column("median", series -> Tables.signed(series.getSummary().getMedian())),
                column("std", series -> Tables.plain(series.getSummary().getStandardDeviation())),
                column("min", series -> Tables.signed(series.getSummary().getMin())),
                column("max", series -> Tables.signed(series.getSummary().getMax())),
                column("> +0.01", series -> share(series.getSummary().getAbove(), series)),
                column("< -0.01", series -> share(series.getSummary().getBelow(), series)),
                column("between", series -> share(series.getSummary().getWithin(), series)))));
    out.println();
    if (response.getCorrelationsCount() > 0) {
      printCorrelations(response.getCorrelationsList());
    }
    out.flush();
  }

  private void printCorrelations(List<SeriesCorrelation> correlations) {
    out.println("Correlation of the layers");
    out.println(
        table(
            correlations,
            List.of(
                column("Families", pair -> pair.getFirst() + ", " + pair.getSecond()),
                column("Pearson r", pair -> Tables.signed(pair.getPearsonR())),
                column("p", pair -> Tables.probability(pair.getPearsonP())),
                column("Spearman r", pair -> Tables.signed(pair.getSpearmanR())),
                column("p", pair -> Tables.probability(pair.getSpearmanP())),
                column(
                    "layers",
                    pair -> pair.getLayersCompared() + (pair.getInterpolated() ? "~" : " ")))));
    if (correlations.stream().anyMatch(SeriesCorrelation::getInterpolated)) {
      out.println(
          "~ unequal numbers of layers: the longer series was interpolated at the relative depths of the shorter.");
    }
    if (correlations.stream().anyMatch(pair -> Double.isNaN(pair.getPearsonR()))) {
      out.println("NaN: a series is constant, so it correlates with none.");
    }
    out.println();
  }

  /** For example {@code 8 (28.57%)}. */
  private static String share(int count, SeriesDescription series) {
    return String.format(
        Locale.ROOT, "%d (%.2f%%)", count, 100.0 * count / series.getTotalLayers());
  }

  private static <T> String table(List<T> rows, List<ColumnData<T>> columns) {
    return AsciiTable.builder().border(Tables.BORDER).data(rows, columns).asString();
  }

  private static <T> ColumnData<T> column(String header, Function<T, String> cell) {
    return new Column().header(header).with(cell);
  }
}

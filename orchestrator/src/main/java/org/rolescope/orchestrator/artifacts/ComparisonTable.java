package org.rolescope.orchestrator.artifacts;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.rolescope.v1.CompareModelsResponse;
import org.rolescope.v1.LayerContrast;

/**
 * {@code detailed_comparison.csv}: a row a layer. The first columns are those of the published
 * study's tables, by the reference estimator; behind them come ours.
 */
public final class ComparisonTable {
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

  private ComparisonTable() {}

  /** Writes the table and closes the stream. */
  public static void write(OutputStream out, CompareModelsResponse comparison) throws IOException {
    List<ComparisonColumn> columns = ComparisonColumns.all();
    try (CSVPrinter csv =
        new CSVPrinter(new OutputStreamWriter(out, StandardCharsets.UTF_8), FORMAT)) {
      csv.printRecord(columns.stream().map(ComparisonColumn::name));
      for (LayerContrast layer : comparison.getLayersList()) {
        csv.printRecord(columns.stream().map(column -> column.cell().apply(layer)));
      }
    }
  }
}

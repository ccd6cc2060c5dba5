package org.rolescope.cli.study;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.v1.LayerSeries;

/**
 * A CSV table with a row a layer, such as {@code detailed_comparison.csv}: a heading, a column
 * {@code layer} that counts from 0, and columns of numbers.
 */
public final class LayerTable {
  private static final String LAYER = "layer";

  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setTrim(true)
          .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
          .get();

  private final Path file;
  private final List<String> columns;
  private final List<CSVRecord> rows;

  private LayerTable(Path file, List<String> columns, List<CSVRecord> rows) {
    this.file = file;
    this.columns = columns;
    this.rows = rows;
  }

  /**
   * Reads a table.
   *
   * @throws RolescopeException NOT_FOUND where there is no such file, INVALID_ARGUMENT where it is
   *     no CSV with a row for every layer in order
   */
  public static LayerTable read(Path file) {
    String text = TextFile.read(file);
    try (CSVParser parser = CSVParser.parse(new StringReader(text), FORMAT)) {
      LayerTable table = new LayerTable(file, parser.getHeaderNames(), parser.getRecords());
      table.checkLayers();
      return table;
    } catch (IOException | UncheckedIOException | IllegalArgumentException noCsv) {
      throw TextFile.malformed(file, "is no CSV table with a heading (" + reason(noCsv) + ")");
    }
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /**
   * The numbers of a column, [layer].
   *
   * @throws RolescopeException INVALID_ARGUMENT where there is no such column, or a cell of it is
   *     no finite number
   */
  public double[] column(String name) {
    requireColumn(name);
    return IntStream.range(0, rows.size()).mapToDouble(layer -> cell(layer, name)).toArray();
  }

  /**
   * A column as a series.
   *
   * @param name name of the series
   * @param column name of the column
   * @throws RolescopeException like {@link #column}
   */
  public LayerSeries series(String name, String column) {
    return LayerSeries.newBuilder()
        .setName(name)
        .addAllValues(Arrays.stream(column(column)).boxed().toList())
        .build();
  }

  private double cell(int layer, String name) {
    String text = rows.get(layer).get(name);
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException noNumber) {
      // Told below, like a NaN.
    }
    throw TextFile.malformed(
        file, "holds `%s` for %s at layer %d, which is no number".formatted(text, name, layer));
  }

  private void checkLayers() {
    requireColumn(LAYER);
    for (int layer = 0; layer < rows.size(); layer++) {
      CSVRecord row = rows.get(layer);
      if (!row.isConsistent()) {
        throw TextFile.malformed(
            file,
            "has %d cells in row %d under %d headings"
                .formatted(row.size(), layer + 1, columns.size()));
      }
      if (!row.get(LAYER).equals(Integer.toString(layer))) {
        throw TextFile.malformed(
            file,
            "has layer `%s` in row %d instead of layer %d: there must be a row for every layer, in order"
                .formatted(row.get(LAYER), layer + 1, layer));
      }
    }
  }

  private void requireColumn(String name) {
    if (!columns.contains(name)) {
      throw TextFile.malformed(
          file, "has no column %s (it has %s)".formatted(name, String.join(", ", columns)));
    }
  }

  /** What the parser found, which it wraps where it reads row by row. */
  private static String reason(Exception noCsv) {
    Throwable cause = noCsv;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("damaged");
  }
}

package org.rolescope.orchestrator.artifacts;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * A table as CSV (RFC 4180, but lines end with LF), in UTF-8. Real numbers have the shortest form
 * that reads back to the same value, and NaN is an empty cell, which pandas reads as NaN and Polars
 * as null.
 */
final class CsvTable {
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

  private CsvTable() {}

  static <R> void write(List<Column<R>> columns, Iterator<R> rows, OutputStream out)
      throws IOException {
    try (CSVPrinter csv =
        new CSVPrinter(new OutputStreamWriter(out, StandardCharsets.UTF_8), FORMAT)) {
      csv.printRecord(columns.stream().map(Column::name));
      while (rows.hasNext()) {
        R row = rows.next();
        csv.printRecord(columns.stream().map(column -> cell(column, row)));
      }
    }
  }

  private static <R> String cell(Column<R> column, R row) {
    return switch (column) {
      case Column.Whole<R> whole -> Integer.toString(whole.value().applyAsInt(row));
      case Column.Real<R> real -> number(real.value().applyAsDouble(row));
      // Lower case, which pandas and Polars both read as a truth value.
      case Column.Flag<R> flag -> Boolean.toString(flag.value().test(row));
      case Column.Text<R> text -> text.value().apply(row);
    };
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : Double.toString(value);
  }
}

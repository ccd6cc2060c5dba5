package org.rolescope.orchestrator.artifacts;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;

/**
 * A table on its way into a file, read once. The same rows give the same bytes in every format.
 *
 * @param <R> what a row is made of
 */
public final class Table<R> {
  private final List<Column<R>> columns;
  private final Iterator<R> rows;

  Table(List<Column<R>> columns, Iterator<R> rows) {
    this.columns = List.copyOf(columns);
    this.rows = requireNonNull(rows, "rows is null");
  }

  /** Writes the table row by row and closes the stream. */
  public void write(TableFormat format, OutputStream out) throws IOException {
    switch (format) {
      case CSV -> CsvTable.write(columns, rows, out);
      case JSON -> JsonTable.write(columns, rows, out);
      case PARQUET -> ParquetTable.write(columns, rows, out);
    }
  }
}

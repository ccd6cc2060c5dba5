package org.rolescope.bench.report;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A plain table: the first column is text, the others are numbers. */
public final class Table {
  private final String title;
  private final List<String> headers;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * Begins a table.
   *
   * @param title line above it
   * @param headers one for each column
   */
  public Table(String title, String... headers) {
    this.title = title;
    this.headers = List.of(headers);
  }

  /**
   * Adds a row.
   *
   * @param cells one for each column
   */
  public Table row(String... cells) {
    if (cells.length != headers.size()) {
      throw new IllegalArgumentException(
          "a row of %d cells for %d columns".formatted(cells.length, headers.size()));
    }
    rows.add(List.of(cells));
    return this;
  }

  /** Prints the table and an empty line. */
  public void print(PrintWriter out) {
    out.println(title);
    out.println(
        AsciiTable.builder()
            .border(AsciiTable.NO_BORDERS)
            .data(rows, IntStream.range(0, headers.size()).mapToObj(this::column).toList())
            .asString()
            .stripTrailing());
    out.println();
    out.flush();
  }

  private com.github.freva.asciitable.ColumnData<List<String>> column(int index) {
    HorizontalAlign align = index == 0 ? HorizontalAlign.LEFT : HorizontalAlign.RIGHT;
    return new Column()
        .header(headers.get(index))
        .headerAlign(align)
        .dataAlign(align)
        .maxWidth(120)
        .with(row -> row.get(index));
  }
}

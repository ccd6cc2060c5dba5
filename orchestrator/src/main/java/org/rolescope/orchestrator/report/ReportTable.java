package org.rolescope.orchestrator.report;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A table of a report.
 *
 * @param headings one a column
 * @param alignments of each column, as Markdown writes it
 * @param rows cells of each row
 */
record ReportTable(List<String> headings, List<String> alignments, List<List<String>> rows) {
  ReportTable {
    headings = List.copyOf(headings);
    alignments = List.copyOf(alignments);
    rows = rows.stream().map(List::copyOf).toList();
  }

  /** Begins a table with a row for each of these. */
  static <R> Builder<R> of(List<R> rows) {
    return new Builder<>(rows);
  }

  /** Collects columns. Not thread-safe. */
  static final class Builder<R> {
    private final List<R> rows;
    private final List<String> headings = new ArrayList<>();
    private final List<String> alignments = new ArrayList<>();
    private final List<Function<R, String>> cells = new ArrayList<>();

    private Builder(List<R> rows) {
      this.rows = List.copyOf(rows);
    }

    /** Adds a column of words. */
    Builder<R> text(String heading, Function<R, String> cell) {
      return column(heading, ":---", cell);
    }

    /** Adds a column of numbers. */
    Builder<R> number(String heading, Function<R, String> cell) {
      return column(heading, "---:", cell);
    }

    ReportTable build() {
      return new ReportTable(
          headings,
          alignments,
          rows.stream().map(row -> cells.stream().map(cell -> cell.apply(row)).toList()).toList());
    }

    private Builder<R> column(String heading, String alignment, Function<R, String> cell) {
      headings.add(requireNonNull(heading, "heading is null"));
      alignments.add(alignment);
      cells.add(requireNonNull(cell, "cell is null"));
      return this;
    }
  }
}

package org.rolescope.orchestrator.artifacts;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import org.rolescope.orchestrator.json.Json;

/** A table as a JSON array with an object a row, each in a line of its own. NaN is null. */
final class JsonTable {
  private JsonTable() {}

  static <R> void write(List<Column<R>> columns, Iterator<R> rows, OutputStream out)
      throws IOException {
    try (JsonGenerator json = Json.rows(out)) {
      json.writeStartArray();
      while (rows.hasNext()) {
        R row = rows.next();
        json.writeStartObject();
        for (Column<R> column : columns) {
          json.writeFieldName(column.name());
          cell(json, column, row);
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeRaw('\n');
    }
  }

  private static <R> void cell(JsonGenerator json, Column<R> column, R row) throws IOException {
    switch (column) {
      case Column.Whole<R> whole -> json.writeNumber(whole.value().applyAsInt(row));
      case Column.Real<R> real -> number(json, real.value().applyAsDouble(row));
      case Column.Flag<R> flag -> json.writeBoolean(flag.value().test(row));
      case Column.Text<R> text -> json.writeString(text.value().apply(row));
    }
  }

  private static void number(JsonGenerator json, double value) throws IOException {
    if (Double.isNaN(value)) {
      json.writeNull();
    } else {
      json.writeNumber(value);
    }
  }
}

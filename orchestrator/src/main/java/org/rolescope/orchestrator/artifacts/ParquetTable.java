package org.rolescope.orchestrator.artifacts;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * A table as Apache Parquet: int32, double (optional; NaN is null), boolean and string columns, in
 * groups of so many rows that one of them fits into memory easily.
 *
 * <p>Uncompressed, because compressors differ between versions and machines; what the file says of
 * its writer is the version of the library. So equal rows give equal bytes. Of the library only the
 * parts that know nothing of Hadoop are used.
 */
final class ParquetTable {
  private static final int MAX_GROUP_ROWS = 1 << 16;
  private static final int ALIGNMENT_BYTES = 0;
  // Bounds of texts in the column index may be cut off there.
  private static final int MAX_INDEX_TEXT_BYTES = 64;
  private static final boolean CHECKSUMS = true;

  private ParquetTable() {}

  static <R> void write(List<Column<R>> columns, Iterator<R> rows, OutputStream out)
      throws IOException {
    MessageType schema = schema(columns);
    try (out;
        ParquetFileWriter file =
            new ParquetFileWriter(
                new ParquetOutput(out),
                schema,
                ParquetFileWriter.Mode.CREATE,
                Long.MAX_VALUE,
                ALIGNMENT_BYTES,
                MAX_INDEX_TEXT_BYTES,
                Integer.MAX_VALUE,
                CHECKSUMS)) {
      file.start();
      while (rows.hasNext()) {
        group(columns, rows, schema, file);
      }
      file.end(Map.of());
    }
  }

  private static <R> void group(
      List<Column<R>> columns, Iterator<R> rows, MessageType schema, ParquetFileWriter file)
      throws IOException {
    ParquetProperties properties = ParquetProperties.builder().build();
    try (ColumnChunkPageWriteStore pages =
            new ColumnChunkPageWriteStore(
                new NoCompression(),
                schema,
                properties.getAllocator(),
                MAX_INDEX_TEXT_BYTES,
                CHECKSUMS);
        ColumnWriteStore values = properties.newColumnWriteStore(schema, pages)) {
      RecordConsumer consumer = new ColumnIOFactory().getColumnIO(schema).getRecordWriter(values);
      int rowCount = 0;
      for (; rowCount < MAX_GROUP_ROWS && rows.hasNext(); rowCount++) {
        row(columns, rows.next(), consumer);
      }
      consumer.flush();
      file.startBlock(rowCount);
      values.flush();
      pages.flushToFileWriter(file);
      file.endBlock();
    }
  }

  private static <R> void row(List<Column<R>> columns, R row, RecordConsumer consumer) {
    consumer.startMessage();
    for (int index = 0; index < columns.size(); index++) {
      cell(columns.get(index), index, row, consumer);
    }
    consumer.endMessage();
  }

  private static <R> void cell(Column<R> column, int index, R row, RecordConsumer consumer) {
    if (column instanceof Column.Real<R> real && Double.isNaN(real.value().applyAsDouble(row))) {
      return;
    }
    consumer.startField(column.name(), index);
    switch (column) {
      case Column.Whole<R> whole -> consumer.addInteger(whole.value().applyAsInt(row));
      case Column.Real<R> real -> consumer.addDouble(real.value().applyAsDouble(row));
      case Column.Flag<R> flag -> consumer.addBoolean(flag.value().test(row));
      case Column.Text<R> text -> consumer.addBinary(Binary.fromString(text.value().apply(row)));
    }
    consumer.endField(column.name(), index);
  }

  private static <R> MessageType schema(List<Column<R>> columns) {
    return new MessageType("table", columns.stream().map(ParquetTable::type).toList());
  }

  private static <R> Type type(Column<R> column) {
    Types.PrimitiveBuilder<PrimitiveType> type =
        switch (column) {
          case Column.Whole<R> whole -> Types.required(INT32);
          case Column.Real<R> real -> Types.optional(DOUBLE);
          case Column.Flag<R> flag -> Types.required(BOOLEAN);
          case Column.Text<R> text -> Types.required(BINARY).as(LogicalTypeAnnotation.stringType());
        };
    return type.named(column.name());
  }
}

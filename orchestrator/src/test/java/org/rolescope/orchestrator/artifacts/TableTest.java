package org.rolescope.orchestrator.artifacts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hardwood.InputFile;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.metadata.RepetitionType;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parquet is read back by Hardwood, which shares no code with the library that wrote it. */
final class TableTest {
  private static final List<Column<Integer>> COLUMNS =
      List.of(
          new Column.Whole<>("row", row -> row),
          new Column.Real<>("third", TableTest::third),
          new Column.Flag<>("even", row -> row % 2 == 0),
          new Column.Text<>("text", TableTest::text));

  @Test
  void csvHoldsEveryCell() throws IOException {
    String expected =
        """
        row,third,even,text
        0,0.0,true,"naïve 𝔘, ""0\"""
        1,0.3333333333333333,false,"naïve 𝔘, ""1\"""
        2,,true,"naïve 𝔘, ""2\"""
        """;
    assertEquals(expected, new String(bytes(TableFormat.CSV, 3), StandardCharsets.UTF_8));
  }

  @Test
  void jsonHoldsEveryCellInALineARow() throws IOException {
    byte[] bytes = bytes(TableFormat.JSON, 3);
    JsonNode rows = new ObjectMapper().readTree(bytes);
    assertEquals(3, rows.size());
    for (int row = 0; row < 3; row++) {
      assertEquals(row, rows.get(row).get("row").intValue());
      assertEquals(row % 2 == 0, rows.get(row).get("even").booleanValue());
      assertEquals(text(row), rows.get(row).get("text").textValue());
    }
    assertEquals(1 / 3.0, rows.get(1).get("third").doubleValue());
    assertTrue(rows.get(2).get("third").isNull(), "NaN is null");
    assertEquals(5, new String(bytes, StandardCharsets.UTF_8).lines().count());
  }

  @Test
  void parquetNamesItsTypes() throws IOException {
    try (ParquetFileReader file = parquet(bytes(TableFormat.PARQUET, 3))) {
      assertEquals(
          List.of(
              PhysicalType.INT32,
              PhysicalType.DOUBLE,
              PhysicalType.BOOLEAN,
              PhysicalType.BYTE_ARRAY),
          file.getFileSchema().getColumns().stream().map(column -> column.type()).toList());
      assertEquals(
          RepetitionType.OPTIONAL, file.getFileSchema().getColumn("third").repetitionType());
      assertEquals(RepetitionType.REQUIRED, file.getFileSchema().getColumn("row").repetitionType());
      assertEquals(
          "StringType",
          file.getFileSchema().getColumn("text").logicalType().getClass().getSimpleName());
      assertTrue(file.getFileMetaData().keyValueMetadata().isEmpty(), "no times, no machine");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_536, 140_000})
  void parquetHoldsEveryCell(int rowCount) throws IOException {
    try (ParquetFileReader file = parquet(bytes(TableFormat.PARQUET, rowCount))) {
      assertEquals(rowCount, file.getFileMetaData().numRows());
      assertEquals((rowCount + 65_535) / 65_536, file.getFileMetaData().rowGroups().size());
      if (rowCount > 0) {
        checkRows(file, rowCount);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSameRowsGiveTheSameBytes(TableFormat format) throws IOException {
    assertArrayEquals(bytes(format, 1000), bytes(format, 1000));
  }

  private static void checkRows(ParquetFileReader file, int rowCount) {
    try (RowReader rows = file.rowReader()) {
      for (int row = 0; row < rowCount; row++) {
        assertTrue(rows.hasNext());
        rows.next();
        assertEquals(row, rows.getInt(0));
        assertEquals(Double.isNaN(third(row)), rows.isNull(1));
        if (!rows.isNull(1)) {
          assertEquals(third(row), rows.getDouble(1));
        }
        assertEquals(row % 2 == 0, rows.getBoolean(2));
        assertEquals(text(row), rows.getString(3));
      }
      assertFalse(rows.hasNext());
    }
  }

  private static ParquetFileReader parquet(byte[] bytes) throws IOException {
    return ParquetFileReader.open(InputFile.of(ByteBuffer.wrap(bytes)));
  }

  private static byte[] bytes(TableFormat format, int rowCount) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Table<>(COLUMNS, IntStream.range(0, rowCount).boxed().iterator()).write(format, out);
    return out.toByteArray();
  }

  /** Missing in every third row. */
  private static double third(int row) {
    return row % 3 == 2 ? Double.NaN : row / 3.0;
  }

  private static String text(int row) {
    return "naïve 𝔘, \"%d\"".formatted(row);
  }
}

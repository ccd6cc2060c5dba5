package org.rolescope.metrics.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/** The files of the published study, as examples/published ships them. */
public final class PublishedStudy {
  private static final Path FOLDER = Path.of("../examples/published");

  private PublishedStudy() {}

  /** The rows of a table. */
  public static List<CSVRecord> table(String name) {
    try (Reader reader = Files.newBufferedReader(FOLDER.resolve(name))) {
      return CSVFormat.DEFAULT
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .get()
          .parse(reader)
          .getRecords();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** A column of a table. */
  public static double[] column(String name, String column) {
    return table(name).stream().mapToDouble(row -> Double.parseDouble(row.get(column))).toArray();
  }

  /** A JSON file. */
  public static JsonNode json(String name) {
    try {
      return new ObjectMapper().readTree(FOLDER.resolve(name).toFile());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}

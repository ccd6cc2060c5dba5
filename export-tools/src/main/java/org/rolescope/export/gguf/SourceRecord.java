package org.rolescope.export.gguf;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Says inside a checkpoint folder which file it was made from, so that it is made again only where
 * that file or the way it is read has changed.
 *
 * @param format version of the conversion; {@link #FORMAT}
 * @param source name of the file
 * @param sizeBytes its length
 * @param fingerprint its fingerprint, hex
 * @param files the other files of the folder with their lengths in bytes
 */
record SourceRecord(
    int format, String source, long sizeBytes, String fingerprint, SortedMap<String, Long> files) {
  /** Name of the record in its folder. */
  static final String FILE = "rolescope-gguf.json";

  /** To be raised where the same file gives another checkpoint. */
  static final int FORMAT = 1;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  SourceRecord {
    requireNonNull(source, "source is null");
    requireNonNull(fingerprint, "fingerprint is null");
    files = new TreeMap<>(files);
  }

  /** The record of a folder that is complete but for it. */
  static SourceRecord of(GgufFile file, String fingerprint, Path folder) throws IOException {
    SortedMap<String, Long> files = new TreeMap<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        files.put(entry.getFileName().toString(), Files.size(entry));
      }
    }
    return new SourceRecord(
        FORMAT, file.path().getFileName().toString(), file.sizeBytes(), fingerprint, files);
  }

  /** The record of a folder, or empty where there is none that can be read. */
  static Optional<SourceRecord> read(Path folder) {
    Path record = folder.resolve(FILE);
    if (!Files.isRegularFile(record)) {
      return Optional.empty();
    }
    try {
      return Optional.of(MAPPER.readValue(record.toFile(), SourceRecord.class));
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }

  /** Writes the record. */
  void write(Path folder) throws IOException {
    MAPPER.writeValue(folder.resolve(FILE).toFile(), this);
  }

  /** Whether this folder was made from this content and has lost nothing since. */
  boolean isWhole(Path folder, String found) throws IOException {
    if (format != FORMAT || !fingerprint.equals(found)) {
      return false;
    }
    for (Map.Entry<String, Long> each : files.entrySet()) {
      Path file = folder.resolve(each.getKey());
      if (!Files.isRegularFile(file) || Files.size(file) != each.getValue()) {
        return false;
      }
    }
    return true;
  }
}

package org.rolescope.export.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.export.testing.AllocationMeter;
import org.rolescope.fault.RolescopeException;

class WeightFingerprintTest {
  private static final int SMALL = 1 << 10;
  private static final long LARGE = 8L << 30;

  /** First data byte behind {@link #HEADER}. */
  private static final long DATA = 8 + 143;

  private static final String HEADER =
      """
      {"small":{"dtype":"F32","shape":[256],"data_offsets":[0,1024]},\
      "large":{"dtype":"BF16","shape":[65536,65536],"data_offsets":[1024,8589935616]}}""";

  @TempDir Path folder;

  @Test
  void hugeFileIsNamedAtOnceAndInLittleMemory() throws IOException {
    Path path = file();
    long begin = System.nanoTime();
    long allocatedBytes = AllocationMeter.measure(() -> fingerprint(path));
    double seconds = (System.nanoTime() - begin) / 1e9;
    assertTrue(seconds < 5, seconds + " s for 8 GiB");
    assertTrue(allocatedBytes < 2 << 20, "allocated " + allocatedBytes + " bytes");
  }

  @Test
  void equalFilesHaveEqualFingerprints() throws IOException {
    String first = fingerprint(file());
    assertTrue(first.matches("[0-9a-f]{64}"), first);
    assertEquals(first, fingerprint(file()));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, SMALL - 1, SMALL, SMALL + 8191, SMALL + LARGE - 8192, SMALL + LARGE - 1})
  void sampledBytesMatter(long place) throws IOException {
    Path path = file();
    String before = fingerprint(path);
    write(path, DATA + place, 1);
    assertNotEquals(before, fingerprint(path));
  }

  @Test
  void headerMatters() throws IOException {
    Path path = file();
    String before = fingerprint(path);
    write(path, 8 + HEADER.indexOf("small"), 'S');
    assertNotEquals(before, fingerprint(path));
  }

  @Test
  void numbersAreCheckedOnlyWhereTheyAreWeights() throws IOException {
    Path path = file();
    write(path, DATA + SMALL + LARGE - 1, 0x7f);
    write(path, DATA + SMALL + LARGE - 2, 0x80);
    SafetensorsFile file = SafetensorsFile.read(path);
    WeightFingerprint.of(file, "small"::equals);
    RolescopeException fault =
        assertThrows(RolescopeException.class, () -> WeightFingerprint.of(file, "large"::equals));
    assertTrue(fault.getMessage().contains("of tensor large is NaN"), fault.getMessage());
  }

  private static String fingerprint(Path path) {
    return WeightFingerprint.of(SafetensorsFile.read(path), name -> true);
  }

  /** A sparse file: 8 GiB that take no room. */
  private Path file() throws IOException {
    Path path = folder.resolve("model.safetensors");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(0);
      byte[] header = HEADER.getBytes(StandardCharsets.UTF_8);
      assertEquals(DATA, 8 + header.length);
      file.writeLong(Long.reverseBytes(header.length));
      file.write(header);
      file.setLength(DATA + SMALL + LARGE);
    }
    return path;
  }

  private static void write(Path path, long position, int value) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(position);
      file.write(value);
    }
  }
}

package org.rolescope.export.safetensors;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.export.testing.AllocationMeter;
import org.rolescope.export.testing.SafetensorsBytes;
import org.rolescope.fault.RolescopeException;

/**
 * Mutates a valid file at random. Whatever comes out is a fault for the user or tensors that lie
 * inside the file. Replay a run with {@code -Drolescope.fuzz.seed=SEED}.
 */
class SafetensorsFuzzTest {
  private static final int MUTATIONS = 5_000;
  private static final long MAX_ALLOCATED_BYTES = 2 << 20;

  private static final byte[] VALID =
      SafetensorsBytes.of(
          """
          {"__metadata__":{"format":"pt"},\
          "model.norm.weight":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]},\
          "lm_head.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[8,32]},\
          "flags":{"dtype":"BOOL","shape":[],"data_offsets":[32,33]}}""",
          33);

  private static final String[] SPLICES = {
    "-1",
    "18446744073709551615",
    "9223372036854775807",
    "4611686018427387904",
    "1e9",
    "null",
    "{}",
    "[]",
    "\"",
    "\\u0000",
    "{\"a\":",
    "]",
    "}",
    ",",
    "\"dtype\"",
    "F64",
    "99999999999999999999"
  };

  @TempDir Path folder;

  @Test
  void anythingIsAFaultOrValid() {
    long seed = Long.getLong("rolescope.fuzz.seed", System.nanoTime());
    System.out.println("safetensors fuzz seed " + seed);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] mutant = VALID.clone();
      for (int count = random.nextInt(1, 5); count > 0; count--) {
        mutant = mutate(mutant, random);
      }
      check(mutant, "seed %d, mutation %d".formatted(seed, i));
    }
  }

  private void check(byte[] mutant, String where) {
    Path path = folder.resolve("mutant.safetensors");
    try {
      Files.write(path, mutant);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    long allocatedBytes = AllocationMeter.measure(() -> read(path, where));
    assertTrue(
        allocatedBytes < MAX_ALLOCATED_BYTES, where + " allocated " + allocatedBytes + " bytes");
  }

  private static void read(Path path, String where) {
    try {
      SafetensorsFile file = SafetensorsFile.read(path);
      for (TensorInfo tensor : file.tensors().values()) {
        long end = tensor.offsetBytes() + tensor.sizeBytes();
        assertTrue(
            tensor.offsetBytes() >= 8 && tensor.sizeBytes() >= 0 && end <= file.sizeBytes(),
            () -> where + " gave " + tensor);
      }
    } catch (RolescopeException expected) {
      assertTrue(expected.getMessage().contains("mutant.safetensors"), where);
    }
  }

  private static byte[] mutate(byte[] bytes, RandomGenerator random) {
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(bytes.length);
    return switch (random.nextInt(5)) {
      case 0 -> replaced(bytes, at, (byte) (bytes[at] ^ 1 << random.nextInt(8)));
      case 1 -> replaced(bytes, at, (byte) random.nextInt());
      case 2 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 64));
      case 3 -> replaced(bytes, random.nextInt(Math.min(8, bytes.length)), (byte) random.nextInt());
      default -> spliced(bytes, at, SPLICES[random.nextInt(SPLICES.length)], random);
    };
  }

  private static byte[] replaced(byte[] bytes, int at, byte value) {
    byte[] copy = bytes.clone();
    copy[at] = value;
    return copy;
  }

  /** Overwrites or inserts; an insertion also corrects the header length, most of the time. */
  private static byte[] spliced(byte[] bytes, int at, String text, RandomGenerator random) {
    byte[] splice = text.getBytes(StandardCharsets.UTF_8);
    int removed = Math.min(random.nextInt(splice.length + 1), bytes.length - at);
    byte[] result = new byte[bytes.length - removed + splice.length];
    System.arraycopy(bytes, 0, result, 0, at);
    System.arraycopy(splice, 0, result, at, splice.length);
    System.arraycopy(bytes, at + removed, result, at + splice.length, bytes.length - at - removed);
    if (at >= 8 && random.nextInt(4) > 0) {
      int length = (result[0] & 0xff | (result[1] & 0xff) << 8) + splice.length - removed;
      result[0] = (byte) length;
      result[1] = (byte) (length >> 8);
    }
    return result;
  }
}

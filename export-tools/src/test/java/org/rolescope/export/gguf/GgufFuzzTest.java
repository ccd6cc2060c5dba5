package org.rolescope.export.gguf;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.export.testing.AllocationMeter;
import org.rolescope.export.testing.GgufFiles;
import org.rolescope.fault.RolescopeException;

/**
 * Mutates a valid file at random. Whatever comes out is a fault for the user or a model whose
 * tensors lie inside the file. Replay a run with {@code -Drolescope.fuzz.seed=SEED}.
 */
class GgufFuzzTest {
  private static final int MUTATIONS = 3_000;
  private static final long MAX_ALLOCATED_BYTES = 64 << 20;
  private static final long[] NUMBERS = {
    -1, 0, 1, 7, 31, 1L << 31, 1L << 32, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE, 1 << 22
  };

  @TempDir Path folder;

  @Test
  void anythingIsAFaultOrValid() throws IOException {
    byte[] valid = Files.readAllBytes(GgufFiles.golden("pieces.gguf"));
    int head = (int) GgufFile.read(GgufFiles.golden("pieces.gguf")).dataOffsetBytes();
    long seed = Long.getLong("rolescope.fuzz.seed", System.nanoTime());
    System.out.println("GGUF fuzz seed " + seed);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] mutant = valid.clone();
      for (int count = random.nextInt(1, 5); count > 0; count--) {
        mutant = mutate(mutant, head, random);
      }
      check(mutant, "seed %d, mutation %d".formatted(seed, i));
    }
  }

  private void check(byte[] mutant, String where) {
    Path path = folder.resolve("mutant.gguf");
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
      GgufFile file = GgufFile.read(path);
      for (GgufTensor tensor : file.tensors()) {
        long end = tensor.offsetBytes() + tensor.sizeBytes();
        assertTrue(
            tensor.offsetBytes() >= file.dataOffsetBytes() && end <= file.sizeBytes(),
            () -> where + " gave " + tensor);
      }
      GgufModel.of(file);
    } catch (RolescopeException expected) {
      assertTrue(expected.getMessage().contains("mutant.gguf"), where);
    }
  }

  /** Most changes go to the first bytes, where counts and settings are, or to the directory. */
  private static byte[] mutate(byte[] bytes, int head, RandomGenerator random) {
    int end = Math.min(bytes.length, head);
    if (end < Long.BYTES) {
      return bytes;
    }
    int at =
        switch (random.nextInt(3)) {
          case 0 -> random.nextInt(Math.min(end, 900));
          case 1 -> Math.max(0, end - 1 - random.nextInt(Math.min(end, 700)));
          default -> random.nextInt(end);
        };
    byte[] copy = bytes.clone();
    switch (random.nextInt(4)) {
      case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> copy[at] = (byte) random.nextInt();
      case 2 -> {
        long number = NUMBERS[random.nextInt(NUMBERS.length)];
        for (int i = 0; i < Long.BYTES && at + i < copy.length; i++) {
          copy[at + i] = (byte) (number >> 8 * i);
        }
      }
      default -> {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length + 64));
      }
    }
    return copy;
  }
}

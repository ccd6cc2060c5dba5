package org.rolescope.bench.baseline;

import java.util.Arrays;
import java.util.stream.Stream;

/** Reads memory from end to end on all cores and does nothing but add it up. */
public final class MemoryRead {
  private static final int BLOCK_LONGS = 1 << 20;

  private final long[][] blocks;
  private long sum;

  /** Memory of so many bytes, rounded up to blocks of 8 MiB. */
  public MemoryRead(long sizeBytes) {
    blocks = new long[Math.toIntExact(Math.ceilDiv(sizeBytes / Long.BYTES, BLOCK_LONGS))][];
    for (int block = 0; block < blocks.length; block++) {
      blocks[block] = new long[BLOCK_LONGS];
      Arrays.fill(blocks[block], block);
    }
  }

  /** Bytes it reads. */
  public long sizeBytes() {
    return (long) blocks.length * BLOCK_LONGS * Long.BYTES;
  }

  /** Reads all once. */
  public void run() {
    // Kept, so that the compiler cannot leave the work out.
    sum += Stream.of(blocks).parallel().mapToLong(MemoryRead::sum).sum();
  }

  /** The sum of all runs. */
  public long sum() {
    return sum;
  }

  private static long sum(long[] block) {
    long total = 0;
    for (long each : block) {
      total += each;
    }
    return total;
  }
}

package org.rolescope.bench.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Random;
import java.util.function.DoubleSupplier;

/** A few MiB of numbers that are written over and over. */
final class RepeatedBlock {
  /** Prime, so that rows of a matrix do not repeat with the block. */
  private static final int ELEMENTS = 2_097_143;

  private static final double SCALE = 0.02;
  private static final long SEED = 20260101;

  private final ByteBuffer block;
  private int position;

  private RepeatedBlock(StoredFloat type, DoubleSupplier values) {
    block = ByteBuffer.allocateDirect(ELEMENTS * type.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
    while (block.hasRemaining()) {
      type.put(block, (float) values.getAsDouble());
    }
    block.flip();
  }

  /** Normally distributed numbers around zero, as the weights of a trained model roughly are. */
  static RepeatedBlock normal(StoredFloat type) {
    Random random = new Random(SEED);
    return new RepeatedBlock(type, () -> random.nextGaussian() * SCALE);
  }

  /** Ones. */
  static RepeatedBlock ones(StoredFloat type) {
    return new RepeatedBlock(type, () -> 1);
  }

  /** Appends this many bytes to a file. */
  void write(FileChannel channel, long sizeBytes) throws IOException {
    long left = sizeBytes;
    while (left > 0) {
      int length = (int) Math.min(left, block.limit() - position);
      ByteBuffer slice = block.slice(position, length);
      while (slice.hasRemaining()) {
        channel.write(slice);
      }
      position = (position + length) % block.limit();
      left -= length;
    }
  }
}

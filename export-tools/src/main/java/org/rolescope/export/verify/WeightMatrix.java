package org.rolescope.export.verify;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.rolescope.tensors.DType;

/**
 * A matrix of the checkpoint, mapped from its file: one row of inputs for each output. Widened to
 * double, which is exact for every type, only where it is read. Closing it ends the mapping.
 */
final class WeightMatrix implements AutoCloseable {
  // A tensor may begin at any byte of its file.
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arena arena;
  private final MemorySegment bytes;
  private final DType type;
  private final int outputCount;
  private final int inputCount;
  private final boolean transposed;

  /**
   * A matrix stored as [output, input].
   *
   * @param arena closed with the matrix
   */
  WeightMatrix(Arena arena, MemorySegment bytes, DType type, int outputCount, int inputCount) {
    this(arena, bytes, type, outputCount, inputCount, false);
  }

  private WeightMatrix(
      Arena arena,
      MemorySegment bytes,
      DType type,
      int outputCount,
      int inputCount,
      boolean transposed) {
    this.arena = arena;
    this.bytes = bytes;
    this.type = type;
    this.outputCount = outputCount;
    this.inputCount = inputCount;
    this.transposed = transposed;
  }

  /** The same bytes read as [input, output]. */
  WeightMatrix storedTransposed() {
    return new WeightMatrix(arena, bytes, type, outputCount, inputCount, true);
  }

  int outputCount() {
    return outputCount;
  }

  int inputCount() {
    return inputCount;
  }

  /**
   * Weights of consecutive outputs.
   *
   * @param target receives [output, input]
   */
  void outputs(int first, int count, double[] target) {
    if (!transposed) {
      widen((long) first * inputCount, count * inputCount, target);
      return;
    }
    double[] column = new double[count];
    for (int input = 0; input < inputCount; input++) {
      widen((long) input * outputCount + first, count, column);
      for (int output = 0; output < count; output++) {
        target[output * inputCount + input] = column[output];
      }
    }
  }

  private void widen(long first, int count, double[] target) {
    switch (type) {
      case F32 -> {
        for (int index = 0; index < count; index++) {
          target[index] = bytes.get(FLOAT, (first + index) * Float.BYTES);
        }
      }
      case F16 -> {
        for (int index = 0; index < count; index++) {
          target[index] = Float.float16ToFloat(bytes.get(SHORT, (first + index) * Short.BYTES));
        }
      }
      case BF16 -> {
        for (int index = 0; index < count; index++) {
          target[index] =
              Float.intBitsToFloat(bytes.get(SHORT, (first + index) * Short.BYTES) << Short.SIZE);
        }
      }
      case I64 -> throw new IllegalStateException("whole numbers are no weights");
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}

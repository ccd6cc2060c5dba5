package org.rolescope.tensors.wire;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32C;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.Shape;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.DataType;
import org.rolescope.v1.TensorChunk;
import org.rolescope.v1.TensorHeader;

/**
 * Puts the frames of a stream together again, one tensor at a time. Nothing is believed: the size
 * must follow from the axes and stay under the limit before anything is allocated, chunks must
 * arrive in order without gaps, and the checksum must agree. Not thread-safe.
 *
 * <p>A tensor is only good until the next one is opened: tensors of one size share one memory,
 * which is a third of the cost of a fast stream. {@link TensorView#copy} keeps one for longer.
 */
public final class TensorAssembler {
  private final long maxTensorBytes;
  private TensorHeader header;
  private Shape shape;
  private byte[] bytes;
  private int filledBytes;

  /**
   * Creates an assembler.
   *
   * @param maxTensorBytes largest tensor that is accepted; capped at what a Java array can hold
   */
  public TensorAssembler(long maxTensorBytes) {
    this.maxTensorBytes = Math.min(maxTensorBytes, Integer.MAX_VALUE - 8L);
  }

  /**
   * Opens the next tensor.
   *
   * @throws RolescopeException DATA_LOSS where the last tensor is unfinished or the header is
   *     inconsistent, RESOURCE_EXHAUSTED where the tensor is over the limit
   */
  public void open(TensorHeader next) {
    if (header != null) {
      throw damaged("tensor " + next.getTensorId() + " begins before the last one is complete");
    }
    if (next.getDataType() != DataType.DATA_TYPE_FLOAT32) {
      throw damaged(
          "tensor " + next.getName() + " has unknown data type " + next.getDataTypeValue());
    }
    Shape nextShape = shapeOf(next);
    long expectedBytes;
    try {
      expectedBytes = Math.multiplyExact(nextShape.elementCount(), (long) DType.F32.sizeBytes());
    } catch (ArithmeticException overflow) {
      throw damaged("the size of tensor " + next.getName() + " overflows");
    }
    if (expectedBytes != next.getSizeBytes()) {
      throw damaged(
          "tensor %s says %d bytes but its axes %s need %d"
              .formatted(next.getName(), next.getSizeBytes(), nextShape, expectedBytes));
    }
    requireIndices(next, nextShape);
    if (expectedBytes > maxTensorBytes) {
      throw new RolescopeException(
          FaultCode.RESOURCE_EXHAUSTED,
          "Tensor %s takes %d bytes, more than the limit of %d; ask for smaller batches"
              .formatted(next.getName(), expectedBytes, maxTensorBytes));
    }
    header = next;
    shape = nextShape;
    if (bytes == null || bytes.length != expectedBytes) {
      bytes = new byte[(int) expectedBytes];
    }
    filledBytes = 0;
  }

  /**
   * Takes the next chunk.
   *
   * @return the tensor, once it is complete; good until the next {@link #open}
   * @throws RolescopeException DATA_LOSS where the chunk does not follow or the checksum differs
   */
  public Optional<TensorView> add(TensorChunk chunk) {
    ByteString data = chunk.getData();
    if (header == null
        || chunk.getTensorId() != header.getTensorId()
        || chunk.getOffsetBytes() != filledBytes
        || data.isEmpty()
        || data.size() > bytes.length - filledBytes) {
      throw damaged(
          "a chunk of tensor %d at offset %d with %d bytes does not follow what came before"
              .formatted(chunk.getTensorId(), chunk.getOffsetBytes(), data.size()));
    }
    data.copyTo(bytes, filledBytes);
    filledBytes += data.size();
    return filledBytes < bytes.length ? Optional.empty() : Optional.of(close());
  }

  /**
   * Confirms that the stream did not end inside a tensor.
   *
   * @throws RolescopeException DATA_LOSS where it did
   */
  public void finish() {
    if (header != null) {
      throw damaged(
          "the stream ended after %d of %d bytes of tensor %s"
              .formatted(filledBytes, bytes.length, header.getName()));
    }
  }

  private TensorView close() {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    if ((int) crc.getValue() != header.getCrc32C()) {
      throw damaged("the checksum of tensor " + header.getName() + " differs");
    }
    TensorView tensor =
        new TensorView(
            header.getName(),
            header.hasLayer() ? OptionalInt.of(header.getLayer()) : OptionalInt.empty(),
            shape,
            header.getPromptIndicesList(),
            ByteBuffer.wrap(bytes));
    header = null;
    return tensor;
  }

  private static void requireIndices(TensorHeader header, Shape shape) {
    if (!shape.axes().isEmpty()
        && shape.axes().getFirst().name().equals(Axis.BATCH)
        && shape.axes().getFirst().size() != header.getPromptIndicesCount()) {
      throw damaged(
          "tensor %s has a batch of %d but %d prompt indices"
              .formatted(
                  header.getName(),
                  shape.axes().getFirst().size(),
                  header.getPromptIndicesCount()));
    }
  }

  private static Shape shapeOf(TensorHeader header) {
    try {
      return TensorFrames.shape(header.getAxesList());
    } catch (IllegalArgumentException | ArithmeticException invalid) {
      throw damaged("tensor " + header.getName() + ": " + invalid.getMessage());
    }
  }

  private static RolescopeException damaged(String what) {
    return new RolescopeException(
        FaultCode.DATA_LOSS, "The tensor stream is damaged: " + what + "; run it again");
  }
}

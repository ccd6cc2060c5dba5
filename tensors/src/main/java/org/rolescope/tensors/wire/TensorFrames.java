package org.rolescope.tensors.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.Axis;
import org.rolescope.v1.DataType;
import org.rolescope.v1.TensorChunk;
import org.rolescope.v1.TensorHeader;

/** Cuts tensors into a header and chunks. */
public final class TensorFrames {
  /** Most data bytes in one chunk: 1 MiB, a quarter of gRPC's default message limit. */
  public static final int MAX_CHUNK_BYTES = 1 << 20;

  private TensorFrames() {}

  /**
   * The header of a tensor.
   *
   * @param tensorId number of the tensor in its stream
   * @param tensor the tensor
   */
  public static TensorHeader header(int tensorId, TensorView tensor) {
    CRC32C crc = new CRC32C();
    crc.update(tensor.unguardedBytes());
    TensorHeader.Builder header =
        TensorHeader.newBuilder()
            .setTensorId(tensorId)
            .setName(tensor.name())
            .setDataType(DataType.DATA_TYPE_FLOAT32)
            .addAllPromptIndices(tensor.promptIndices())
            .setSizeBytes(tensor.shape().elementCount() * DType.F32.sizeBytes())
            .setCrc32C((int) crc.getValue());
    tensor.layer().ifPresent(header::setLayer);
    tensor
        .shape()
        .axes()
        .forEach(
            axis -> header.addAxes(Axis.newBuilder().setName(axis.name()).setSize(axis.size())));
    return header.build();
  }

  /**
   * Sends the bytes of a tensor as chunks, in order. The chunks share the tensor's memory, so its
   * bytes must not change afterwards.
   *
   * @param tensorId number of the tensor in its stream
   * @param tensor the tensor
   * @param sink takes each chunk; may block, which is the back-pressure
   */
  public static void chunks(int tensorId, TensorView tensor, Consumer<TensorChunk> sink) {
    ByteBuffer bytes = tensor.unguardedBytes();
    for (int offset = 0; offset < bytes.limit(); offset += MAX_CHUNK_BYTES) {
      int length = Math.min(MAX_CHUNK_BYTES, bytes.limit() - offset);
      ByteString data = UnsafeByteOperations.unsafeWrap(bytes.slice(offset, length));
      sink.accept(
          TensorChunk.newBuilder()
              .setTensorId(tensorId)
              .setOffsetBytes(offset)
              .setData(data)
              .build());
    }
  }

  /** The axes of a header as a shape. */
  static org.rolescope.tensors.Shape shape(List<Axis> axes) {
    return new org.rolescope.tensors.Shape(
        axes.stream()
            .map(
                axis ->
                    new org.rolescope.tensors.Axis(axis.getName(), Math.toIntExact(axis.getSize())))
            .toList());
  }
}

package org.rolescope.inference.session;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.bundle.StageWeight;

/**
 * The weights of one stage as its graph takes them: tensors over one block of memory. Owns both.
 */
final class StageWeights implements AutoCloseable {
  private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
  private final WeightBlock block;

  private StageWeights(WeightBlock block) {
    this.block = block;
  }

  /**
   * Widens what has to be widened. Takes the raw block over: it becomes the block of the weights
   * where nothing is widened, and is given back otherwise.
   *
   * @param raw weights as they came from disk
   * @param target memory for the widened weights; asked at most once
   * @throws RolescopeException MALFORMED_MODEL where a weight is not finite
   */
  static StageWeights settle(RawStage raw, Supplier<WeightBlock> target) {
    StageWeights weights = new StageWeights(raw.layout().widens() ? target.get() : raw.block());
    try {
      for (StageLayout.Placement placement : raw.layout().placements()) {
        weights.add(placement, raw.block());
      }
    } catch (RuntimeException failed) {
      weights.close();
      raw.close();
      throw failed;
    }
    if (raw.layout().widens()) {
      raw.close();
    }
    return weights;
  }

  /** The tensors, by name of the initialiser; they stay this object's. */
  Map<String, OnnxTensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    tensors.values().forEach(OnnxTensor::close);
    block.close();
  }

  private void add(StageLayout.Placement placement, WeightBlock raw) {
    StageWeight weight = placement.weight();
    MemorySegment source = raw.slice(placement.rawOffsetBytes(), weight.sizeBytes());
    MemorySegment settled = block.slice(placement.offsetBytes(), placement.sizeBytes());
    if (!place(weight.dataType(), placement.type(), source, settled)) {
      throw notFinite(weight);
    }
    tensors.put(
        placement.initializer(),
        tensor(
            settled,
            placement.type(),
            weight.shape().stream().mapToLong(Long::longValue).toArray()));
  }

  private boolean place(DType stored, DType type, MemorySegment source, MemorySegment settled) {
    if (stored != type) {
      return Widening.toFloat32(stored, source, settled);
    }
    if (source.address() != settled.address()) {
      settled.copyFrom(source);
    }
    return Widening.isFinite(type, settled);
  }

  static RolescopeException notFinite(StageWeight weight) {
    return new RolescopeException(
        FaultCode.MALFORMED_MODEL,
        "The tensor %s holds NaN or infinity; the checkpoint is damaged, take a whole copy"
            .formatted(weight.name()));
  }

  /** A tensor over this memory, which must outlive it. */
  static OnnxTensor tensor(MemorySegment memory, DType type, long... shape) {
    try {
      return OnnxTensor.createTensor(
          OnnxRuntime.environment(),
          memory.asByteBuffer().order(ByteOrder.nativeOrder()),
          shape,
          javaType(type));
    } catch (OrtException failed) {
      throw OnnxRuntime.failure("placing a weight", failed);
    }
  }

  private static OnnxJavaType javaType(DType type) {
    return switch (type) {
      case F32 -> OnnxJavaType.FLOAT;
      case F16 -> OnnxJavaType.FLOAT16;
      case BF16 -> OnnxJavaType.BFLOAT16;
      case I64 -> OnnxJavaType.INT64;
    };
  }
}

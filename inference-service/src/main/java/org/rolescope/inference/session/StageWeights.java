package org.rolescope.inference.session;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.bundle.StageWeight;

/**
 * The weights of one stage as its graph takes them: tensors over one block of memory. Owns both
 * unless it is lent.
 */
final class StageWeights implements AutoCloseable {
  private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
  private final WeightBlock block;
  private final boolean owned;

  private StageWeights(WeightBlock block, boolean owned) {
    this.block = block;
    this.owned = owned;
  }

  /**
   * Reads the weights of a stage.
   *
   * @param reader reads them
   * @param layout where they go
   * @param block memory for them; taken over, also where this fails
   * @throws RolescopeException MALFORMED_MODEL where a weight cannot be read or is not finite
   */
  static StageWeights read(WeightReader reader, StageLayout layout, WeightBlock block) {
    StageWeights weights = new StageWeights(block, true);
    try {
      reader.read(layout, block);
      layout.placements().forEach(weights::add);
      return weights;
    } catch (RuntimeException failed) {
      weights.close();
      throw failed;
    }
  }

  /** The tensors, by name of the initialiser; they stay this object's. */
  Map<String, OnnxTensor> tensors() {
    return tensors;
  }

  /** The same weights for another session; they stay this object's, which must outlive it. */
  StageWeights lent() {
    StageWeights lent = new StageWeights(block, false);
    lent.tensors.putAll(tensors);
    return lent;
  }

  @Override
  public void close() {
    if (!owned) {
      return;
    }
    tensors.values().forEach(OnnxTensor::close);
    block.close();
  }

  private void add(StageLayout.Placement placement) {
    tensors.put(
        placement.initializer(),
        tensor(
            block.slice(placement.offsetBytes(), placement.sizeBytes()),
            placement.type(),
            placement.weight().shape().stream().mapToLong(Long::longValue).toArray()));
  }

  /**
   * The fault of a weight that is no number once it is settled.
   *
   * @param type the type it was to be settled in
   */
  static RolescopeException notFinite(StageWeight weight, DType type) {
    if (type == DType.F16 && weight.dataType() != DType.F16) {
      return new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "The tensor %s holds a number beyond ±65504, which float16 cannot say, or none at all; run this model with the compute type float32"
              .formatted(weight.name()));
    }
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

package org.rolescope.inference.session;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.rolescope.tensors.bundle.ModelDimensions;
import org.rolescope.tensors.bundle.Stage;

/**
 * Keys and values of all tokens so far, for every layer, in native memory that it owns. Not for
 * several threads.
 */
public final class KeyValueCache implements AutoCloseable {
  private final ModelDimensions dimensions;
  private final Map<CachedTensor, StageTensor> tensors = new HashMap<>();

  /**
   * A cache before the first token.
   *
   * @param dimensions sizes of the model
   */
  public KeyValueCache(ModelDimensions dimensions) {
    this.dimensions = dimensions;
  }

  /** What a stage takes of the tokens before, by name of its inputs; stays this object's. */
  Map<String, StageTensor> inputs(Stage stage) {
    Map<String, StageTensor> inputs = new HashMap<>();
    for (CachedTensor tensor : CachedTensor.of(stage)) {
      inputs.put(tensor.earlierInput(), tensors.computeIfAbsent(tensor, this::empty));
    }
    return inputs;
  }

  /**
   * Takes what a stage left for the next tokens out of its results, in place of what was here.
   *
   * @param results the results by name
   */
  void take(Stage stage, Map<String, StageTensor> results) {
    for (CachedTensor tensor : CachedTensor.of(stage)) {
      StageTensor before = tensors.put(tensor, results.remove(tensor.tensor()));
      if (before != null) {
        before.close();
      }
    }
  }

  @Override
  public void close() {
    tensors.values().forEach(StageTensor::close);
    tensors.clear();
  }

  private StageTensor empty(CachedTensor tensor) {
    return StageTensor.ofFloats(
        ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder()).asFloatBuffer(),
        tensor.emptyShape(dimensions.keyValueHeadCount(), dimensions.headSize()));
  }
}

package org.rolescope.bench.baseline;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;
import org.rolescope.bench.analysis.Analysis.BatchShape;

/**
 * What the stages need of a batch besides the residual stream. The rotation is that of position 0
 * everywhere: the values do not matter here, their number does.
 */
final class BareInputs implements AutoCloseable {
  private final Map<String, OnnxTensor> tensors = new HashMap<>();

  private BareInputs() {}

  static BareInputs of(BatchShape batch, int headSize) throws OrtException {
    int length = batch.length();
    int pairs = headSize / 2;
    BareInputs inputs = new BareInputs();
    inputs.putLongs("input_ids", batch.prompts(), length);
    inputs.putLongs("position_ids", batch.prompts(), length);
    inputs.putFloats("cos", filled(length * pairs, 1), length, pairs);
    inputs.putFloats("sin", filled(length * pairs, 0), length, pairs);
    inputs.putFloats("mask", causal(length), length, length);
    inputs.putFloats("sliding_mask", causal(length), length, length);
    return inputs;
  }

  /** The inputs by name. */
  Map<String, OnnxTensor> byName() {
    return Map.copyOf(tensors);
  }

  @Override
  public void close() {
    tensors.values().forEach(OnnxTensor::close);
  }

  private void putLongs(String name, int rows, int columns) throws OrtException {
    LongBuffer values = LongBuffer.allocate(rows * columns);
    while (values.hasRemaining()) {
      values.put(values.position() % columns);
    }
    long[] shape = {rows, columns};
    tensors.put(name, OnnxTensor.createTensor(OnnxSessions.environment(), values.flip(), shape));
  }

  private void putFloats(String name, FloatBuffer values, int rows, int columns)
      throws OrtException {
    long[] shape = {1, rows, columns};
    tensors.put(name, OnnxTensor.createTensor(OnnxSessions.environment(), values, shape));
  }

  private static FloatBuffer filled(int count, float value) {
    FloatBuffer floats = floats(count);
    while (floats.hasRemaining()) {
      floats.put(value);
    }
    return floats.flip();
  }

  private static FloatBuffer causal(int length) {
    FloatBuffer mask = floats(length * length);
    while (mask.hasRemaining()) {
      int query = mask.position() / length;
      int key = mask.position() % length;
      mask.put(key <= query ? 0f : -Float.MAX_VALUE);
    }
    return mask.flip();
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(count * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}

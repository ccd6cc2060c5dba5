package org.rolescope.inference.forward;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rolescope.inference.session.StageTensor;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.RotaryEmbedding;

/**
 * What blocks need to know about positions: {@code cos} and {@code sin} [batch, pos, d_head/2] of
 * the rotary embedding where the model has one, the causal {@code mask} [batch, query_pos, key_pos]
 * and, for a model with a sliding window, {@code sliding_mask} of the same shape. A mask is 0 where
 * the key is visible and the most negative float where it is not. One row serves the whole batch by
 * broadcasting over a batch axis of 1.
 */
public final class PositionInputs implements AutoCloseable {
  private final Map<String, StageTensor> byName = new HashMap<>();

  private PositionInputs() {}

  /**
   * The inputs of prompts of this length.
   *
   * @param manifest says which inputs the model has
   * @param length tokens of a prompt
   */
  static PositionInputs of(BundleManifest manifest, int length) {
    return of(manifest, 0, length);
  }

  /**
   * The inputs of tokens behind others. Where a dynamic rotary scaling depends on the length, it is
   * that up to the last of these tokens, as in transformers; keys of earlier tokens stay as they
   * were turned.
   *
   * @param manifest says which inputs the model has
   * @param first position of the first token; so many keys are there before
   * @param count number of tokens; at least 1
   */
  public static PositionInputs of(BundleManifest manifest, int first, int count) {
    PositionInputs inputs = new PositionInputs();
    try {
      if (manifest.holdsWholeModel()) {
        // It makes its own.
        return inputs;
      }
      inputs.addMask("mask", first, count, first + count);
      if (manifest.slidingWindow() > 0) {
        inputs.addMask("sliding_mask", first, count, manifest.slidingWindow());
      }
      if (manifest.rotary() != null) {
        inputs.addRotation(manifest.rotary(), first, count);
      }
      return inputs;
    } catch (RuntimeException failed) {
      inputs.close();
      throw failed;
    }
  }

  /** The inputs by name. */
  public Map<String, StageTensor> byName() {
    return byName;
  }

  @Override
  public void close() {
    byName.values().forEach(StageTensor::close);
  }

  private void addRotation(RotaryEmbedding rotary, int first, int count) {
    List<Double> frequencies = rotary.inverseFrequencies(first + count);
    FloatBuffer cos = floats(count * frequencies.size());
    FloatBuffer sin = floats(count * frequencies.size());
    for (int position = first; position < first + count; position++) {
      for (double inverseFrequency : frequencies) {
        double angle = position * inverseFrequency;
        cos.put((float) (Math.cos(angle) * rotary.attentionScaling()));
        sin.put((float) (Math.sin(angle) * rotary.attentionScaling()));
      }
    }
    byName.put("cos", StageTensor.ofFloats(cos.flip(), 1, count, frequencies.size()));
    byName.put("sin", StageTensor.ofFloats(sin.flip(), 1, count, frequencies.size()));
  }

  /** Adds a causal mask through which a query sees the last {@code window} keys up to itself. */
  private void addMask(String name, int first, int count, int window) {
    int keys = first + count;
    FloatBuffer mask = floats(Math.multiplyExact(count, keys));
    for (int query = first; query < keys; query++) {
      for (int key = 0; key < keys; key++) {
        // Finite, so that no row can become NaN; exp of it is exactly 0 beside any visible key.
        mask.put(key <= query && key > query - window ? 0f : -Float.MAX_VALUE);
      }
    }
    byName.put(name, StageTensor.ofFloats(mask.flip(), 1, count, keys));
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(count, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}

package org.rolescope.export.testing;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.RotaryEmbedding;

/** What blocks are given beside the residual stream, for one length of prompt; the batch is 1. */
final class SequenceArrays {
  private final BundleManifest manifest;
  private final int positions;

  SequenceArrays(BundleManifest manifest, int positions) {
    this.manifest = manifest;
    this.positions = positions;
  }

  /** [pos, d_head/2]. */
  float[] cosines() {
    double scale = manifest.rotary().attentionScaling();
    return angles(angle -> Math.cos(angle) * scale);
  }

  /** [pos, d_head/2]. */
  float[] sines() {
    double scale = manifest.rotary().attentionScaling();
    return angles(angle -> Math.sin(angle) * scale);
  }

  /** [query_pos, key_pos] for a window of this many keys. */
  float[] mask(int window) {
    float[] mask = new float[positions * positions];
    for (int i = 0; i < mask.length; i++) {
      int query = i / positions;
      int key = i % positions;
      mask[i] = key <= query && key > query - window ? 0 : -Float.MAX_VALUE;
    }
    return mask;
  }

  /** 0, 1, 2, … for every prompt of a batch. */
  long[] positionIds(int batch) {
    return IntStream.range(0, batch * positions).mapToLong(i -> i % positions).toArray();
  }

  private float[] angles(DoubleUnaryOperator value) {
    RotaryEmbedding rotary = manifest.rotary();
    List<Double> frequencies = rotary.inverseFrequencies(positions);
    int pairs = frequencies.size();
    float[] values = new float[positions * pairs];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) value.applyAsDouble(i / pairs * frequencies.get(i % pairs));
    }
    return values;
  }
}

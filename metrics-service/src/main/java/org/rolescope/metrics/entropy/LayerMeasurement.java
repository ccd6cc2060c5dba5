package org.rolescope.metrics.entropy;

import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.TensorView;

/**
 * Measures the pattern tensors of one layer, batch by batch, and keeps the mean entropy over query
 * positions for each head and prompt. A tensor may be forgotten as soon as {@link #add} returns.
 * Not thread-safe.
 */
public final class LayerMeasurement {
  private static final List<String> AXES =
      List.of(Axis.BATCH, Axis.HEAD, Axis.QUERY_POS, Axis.KEY_POS);

  private final int layer;
  private final int headCount;
  private final List<Integer> queryCounts;
  private final BitSet measured = new BitSet();
  private final Map<EntropyKind, double[]> nats = new EnumMap<>(EntropyKind.class);

  /**
   * Begins a layer.
   *
   * @param layer the layer, counting from 0
   * @param headCount number of heads; at least 1
   * @param queryCounts number of tokens of each prompt; at least one prompt
   */
  public LayerMeasurement(int layer, int headCount, List<Integer> queryCounts) {
    this.layer = layer;
    this.headCount = headCount;
    this.queryCounts = List.copyOf(queryCounts);
    for (EntropyKind kind : List.of(EntropyKind.REFERENCE, EntropyKind.EXACT)) {
      nats.put(kind, new double[Math.multiplyExact(headCount, queryCounts.size())]);
    }
  }

  /**
   * Measures all prompts of a tensor.
   *
   * @param pattern attention after softmax, [batch, head, query_pos, key_pos]
   * @throws RolescopeException DATA_LOSS where the tensor is not the pattern of this layer's
   *     prompts, a prompt comes twice, or a row is not a distribution over the keys it can see
   */
  public void add(TensorView pattern) {
    requireAxes(pattern);
    int positions = pattern.shape().size(Axis.QUERY_POS);
    HeadEntropy meter = new HeadEntropy(layer, positions);
    for (int batch = 0; batch < pattern.promptIndices().size(); batch++) {
      int prompt = pattern.promptIndices().get(batch);
      admit(prompt, positions);
      FloatBuffer attention = pattern.floatsOf(batch);
      for (int head = 0; head < headCount; head++) {
        meter.measure(attention, head, prompt);
        int cell = head * queryCounts.size() + prompt;
        nats.get(EntropyKind.REFERENCE)[cell] = meter.referenceNats();
        nats.get(EntropyKind.EXACT)[cell] = meter.exactNats();
      }
    }
  }

  /**
   * The finished layer.
   *
   * @throws RolescopeException DATA_LOSS where a prompt has not come
   */
  public LayerEntropies finish() {
    int missing = measured.nextClearBit(0);
    if (missing < queryCounts.size()) {
      throw damaged("prompt " + missing + " is missing");
    }
    Map<EntropyKind, EntropyTable> tables = new EnumMap<>(EntropyKind.class);
    nats.forEach(
        (kind, values) ->
            tables.put(kind, new EntropyTable(headCount, queryCounts.size(), values)));
    return new LayerEntropies(layer, headCount, queryCounts, tables);
  }

  private void requireAxes(TensorView pattern) {
    if (!pattern.shape().names().equals(AXES)
        || pattern.shape().size(Axis.HEAD) != headCount
        || pattern.shape().size(Axis.QUERY_POS) != pattern.shape().size(Axis.KEY_POS)) {
      throw damaged(
          "a tensor %s has the shape %s, not that of a pattern of %d heads"
              .formatted(pattern.name(), pattern.shape(), headCount));
    }
  }

  private void admit(int prompt, int positions) {
    if (prompt < 0 || prompt >= queryCounts.size()) {
      throw damaged("prompt %d came, but there are only %d".formatted(prompt, queryCounts.size()));
    }
    if (positions != queryCounts.get(prompt)) {
      throw damaged(
          "prompt %d has %d tokens but a pattern over %d"
              .formatted(prompt, queryCounts.get(prompt), positions));
    }
    if (measured.get(prompt)) {
      throw damaged("prompt " + prompt + " came twice");
    }
    measured.set(prompt);
  }

  private RolescopeException damaged(String what) {
    return new RolescopeException(
        FaultCode.DATA_LOSS,
        "The tensor stream is damaged in layer " + layer + ": " + what + "; run it again");
  }
}

package org.rolescope.metrics.entropy;

import java.util.BitSet;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.TensorView;

/**
 * Measures the pattern tensors of one layer, batch by batch, and keeps the mean entropy over query
 * positions by every kind, and the mean attention to the first and last keys, for each head and
 * prompt. A tensor may be forgotten as soon as {@link #add} returns. Not thread-safe.
 */
public final class LayerMeasurement {
  private static final List<String> AXES =
      List.of(Axis.BATCH, Axis.HEAD, Axis.QUERY_POS, Axis.KEY_POS);
  private static final int KEYS = KeyAttention.KEYS;

  private final TensorOrigin origin;
  private final Visibility visibility;
  private final ChangedPatterns changed;
  private final int layer;
  private final int headCount;
  private final List<Integer> queryCounts;
  private final int matchedPositions;
  private final BitSet measured = new BitSet();
  private final BitSet weighted = new BitSet();
  private final Map<EntropyKind, double[]> nats = new EnumMap<>(EntropyKind.class);
  private final double[] first;
  private final double[] last;
  private Optional<ValueNorms> norms = Optional.empty();

  /**
   * Begins a layer of causal attention.
   *
   * @param layer the layer, counting from 0
   * @param headCount number of heads; at least 1
   * @param queryCounts number of tokens of each prompt; at least one prompt
   */
  public LayerMeasurement(int layer, int headCount, List<Integer> queryCounts) {
    this(
        TensorOrigin.SERVICE,
        Visibility.CAUSAL,
        ChangedPatterns.NONE,
        layer,
        headCount,
        queryCounts);
  }

  /** Begins a layer whose tensors come from someone; what does not fit is theirs to explain. */
  LayerMeasurement(
      TensorOrigin origin,
      Visibility visibility,
      ChangedPatterns changed,
      int layer,
      int headCount,
      List<Integer> queryCounts) {
    this.origin = origin;
    this.visibility = visibility;
    this.changed = changed;
    this.layer = layer;
    this.headCount = headCount;
    this.queryCounts = List.copyOf(queryCounts);
    matchedPositions = Collections.min(queryCounts);
    int cells = Math.multiplyExact(headCount, queryCounts.size());
    for (EntropyKind kind : EntropyKind.values()) {
      nats.put(kind, new double[cells]);
    }
    first = new double[Math.multiplyExact(cells, KEYS)];
    last = new double[first.length];
  }

  /**
   * Takes the value norms of the prompts whose pattern comes next; without them, the norm-weighted
   * kind is not measured.
   *
   * @param valueNorm Euclidean norm of v W_O, [batch, head, key_pos]
   * @throws RolescopeException DATA_LOSS where the tensor is no such, or holds a number that is
   *     negative or not finite
   */
  public void addValueNorm(TensorView valueNorm) {
    if (norms.isPresent()) {
      throw mismatch("value norms came without a pattern behind them");
    }
    norms = Optional.of(ValueNorms.read(origin, layer, headCount, valueNorm));
  }

  /**
   * Measures all prompts of a tensor.
   *
   * @param pattern attention after softmax, [batch, head, query_pos, key_pos]
   * @throws RolescopeException DATA_LOSS where the tensor is not the pattern of this layer's
   *     prompts, a prompt comes twice, a row is not a distribution over the keys it can see and was
   *     not put there by an intervention, or the value norms before it are those of other prompts
   */
  public void add(TensorView pattern) {
    requireAxes(pattern);
    int positions = pattern.shape().size(Axis.QUERY_POS);
    List<Integer> prompts = pattern.promptIndices();
    prompts.forEach(prompt -> admit(prompt, positions));
    admitNorms(prompts, positions);
    int matrices = Math.multiplyExact(prompts.size(), headCount);
    HeadEntropies meter = new HeadEntropies(visibility, positions, matrices, matchedPositions);
    for (int matrix = 0; matrix < matrices; matrix += meter.rows()) {
      int count = Math.min(meter.rows(), matrices - matrix);
      meter.measure(
          pattern.floats(),
          norms.map(ValueNorms::values),
          matrix,
          count,
          each -> changed.isChanged(layer, each % headCount, prompts.get(each / headCount)),
          (damaged, query, defect) ->
              PatternRow.damaged(
                  layer, damaged % headCount, prompts.get(damaged / headCount), query, defect));
      keep(meter, prompts, matrix, count);
    }
    norms = Optional.empty();
  }

  /** Whether something has come. */
  boolean isBegun() {
    return norms.isPresent() || !measured.isEmpty();
  }

  /** Whether the pattern of every prompt has come. */
  boolean isComplete() {
    return measured.cardinality() == queryCounts.size();
  }

  /**
   * The finished layer.
   *
   * @throws RolescopeException DATA_LOSS where a prompt has not come, or value norms came for some
   *     prompts only
   */
  public LayerEntropies finish() {
    int missing = measured.nextClearBit(0);
    if (missing < queryCounts.size()) {
      throw mismatch("prompt " + missing + " is missing");
    }
    if (norms.isPresent()) {
      throw mismatch("value norms came without a pattern behind them");
    }
    if (!weighted.isEmpty() && weighted.cardinality() < queryCounts.size()) {
      throw mismatch(
          "prompt " + weighted.nextClearBit(0) + " came without value norms, others not");
    }
    Map<EntropyKind, EntropyTable> tables = new EnumMap<>(EntropyKind.class);
    nats.forEach(
        (kind, values) -> {
          if (kind != EntropyKind.NORM_WEIGHTED || !weighted.isEmpty()) {
            tables.put(
                kind,
                new EntropyTable(headCount, queryCounts.size(), values, averagedPositions(kind)));
          }
        });
    return new LayerEntropies(
        layer,
        headCount,
        queryCounts,
        tables,
        Optional.of(new KeyAttention(headCount, queryCounts.size(), first, last)));
  }

  private Optional<List<Integer>> averagedPositions(EntropyKind kind) {
    return kind.isRequired()
        ? Optional.empty()
        : Optional.of(
            queryCounts.stream()
                .map(positions -> kind.averagedPositions(visibility, positions, matchedPositions))
                .toList());
  }

  private void keep(HeadEntropies meter, List<Integer> prompts, int firstMatrix, int count) {
    for (int row = 0; row < count; row++) {
      int matrix = firstMatrix + row;
      int cell = matrix % headCount * queryCounts.size() + prompts.get(matrix / headCount);
      for (Map.Entry<EntropyKind, double[]> table : nats.entrySet()) {
        table.getValue()[cell] = meter.mean(table.getKey(), row);
      }
      for (int key = 0; key < KEYS; key++) {
        first[cell * KEYS + key] = meter.first(row, key);
        last[cell * KEYS + key] = meter.last(row, key);
      }
    }
  }

  private void requireAxes(TensorView pattern) {
    if (!pattern.shape().names().equals(AXES)
        || pattern.shape().size(Axis.HEAD) != headCount
        || pattern.shape().size(Axis.QUERY_POS) != pattern.shape().size(Axis.KEY_POS)) {
      throw mismatch(
          "a tensor %s has the shape %s, not that of a pattern of %d heads"
              .formatted(pattern.name(), pattern.shape(), headCount));
    }
  }

  private void admit(int prompt, int positions) {
    if (prompt < 0 || prompt >= queryCounts.size()) {
      throw mismatch("prompt %d came, but there are only %d".formatted(prompt, queryCounts.size()));
    }
    if (positions != queryCounts.get(prompt)) {
      throw mismatch(
          "prompt %d has %d tokens but a pattern over %d"
              .formatted(prompt, queryCounts.get(prompt), positions));
    }
    if (measured.get(prompt)) {
      throw mismatch("prompt " + prompt + " came twice");
    }
    measured.set(prompt);
  }

  private void admitNorms(List<Integer> prompts, int positions) {
    if (norms.isEmpty()) {
      return;
    }
    if (!norms.get().prompts().equals(prompts) || norms.get().positions() != positions) {
      throw mismatch(
          "value norms of prompts %s over %d keys came before a pattern of prompts %s over %d"
              .formatted(norms.get().prompts(), norms.get().positions(), prompts, positions));
    }
    prompts.forEach(weighted::set);
  }

  private RolescopeException mismatch(String what) {
    return origin.mismatch(layer, what);
  }
}

package org.rolescope.metrics.entropy;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.rolescope.fault.RolescopeException;

/**
 * Mean entropies of several heads and prompts of one length, by every kind, and where their
 * attention goes, in one pass over the patterns. Holds scratch memory that is reused, so nothing is
 * allocated in the loop. Not thread-safe.
 */
final class HeadEntropies {
  private static final int KEYS = KeyAttention.KEYS;

  /** Rows side by side: enough for vector instructions, and all of a block stays in the cache. */
  private static final int MAX_ROWS = 128;

  private static final int MIN_ROWS = 16;
  private static final int BLOCK_ELEMENTS = 1 << 14;

  private final Visibility visibility;
  private final int positions;
  private final int rows;
  private final int matchedPositions;
  private final PatternBlock block;
  private final NormBlock normBlock;
  private final ReferenceEntropy reference;
  private final ExactEntropy exact;
  private final float[] referenceNats;
  private final Map<EntropyKind, RowMeans> means = new EnumMap<>(EntropyKind.class);
  private final double[] first;
  private final double[] last;
  private final BitSet changedRows = new BitSet();

  /** Names the fault of a row. */
  interface Damage {
    /** The fault of a row of a matrix. */
    RolescopeException of(int matrix, int query, String defect);
  }

  /**
   * Creates a meter.
   *
   * @param visibility which keys a query sees
   * @param positions number of query positions, which is the number of keys too; at least 1
   * @param matrices how many patterns there will be; decides how many are measured side by side
   * @param matchedPositions how many positions from the first every prompt has
   */
  HeadEntropies(Visibility visibility, int positions, int matrices, int matchedPositions) {
    this.visibility = visibility;
    this.positions = positions;
    this.matchedPositions = matchedPositions;
    int most = Math.clamp(BLOCK_ELEMENTS / positions, MIN_ROWS, MAX_ROWS);
    int blocks = (matrices + most - 1) / most;
    rows = (matrices + blocks - 1) / blocks;
    block = new PatternBlock(positions, rows);
    normBlock = new NormBlock(positions, rows);
    reference = new ReferenceEntropy(positions, rows);
    exact = new ExactEntropy(rows);
    referenceNats = new float[rows];
    for (EntropyKind kind : EntropyKind.values()) {
      means.put(kind, new RowMeans(rows));
    }
    first = new double[rows * KEYS];
    last = new double[rows * KEYS];
  }

  /** How many patterns can be measured side by side. */
  int rows() {
    return rows;
  }

  /**
   * Measures some patterns; the results can be asked for until the next call.
   *
   * @param pattern attention, [matrix, query_pos, key_pos]
   * @param norms value norms, [matrix, key_pos], where they were measured
   * @param firstMatrix the first to be measured
   * @param count how many; at most {@link #rows}
   * @param changed which matrices an intervention has put there
   * @param damage names what is wrong with a row
   */
  void measure(
      FloatBuffer pattern,
      Optional<float[]> norms,
      int firstMatrix,
      int count,
      IntPredicate changed,
      Damage damage) {
    for (int row = 0; row < count; row++) {
      changedRows.set(row, changed.test(firstMatrix + row));
    }
    block.begin(pattern, firstMatrix, count);
    norms.ifPresent(values -> normBlock.begin(values, firstMatrix, count));
    means.values().forEach(RowMeans::clear);
    Arrays.fill(first, 0);
    Arrays.fill(last, 0);
    for (int query = 0; query < positions; query++) {
      int visible = visibility.visibleKeys(query, positions);
      block.select(query, visible);
      exact.measure(block, visible, norms.map(_ -> normBlock));
      requireDistributions(query, visible, firstMatrix, count, damage);
      reference.measure(block, referenceNats);
      addEntropies(query, visible, count, norms.isPresent());
      addAttention(query, visible, count);
    }
  }

  /** Mean over query positions of a pattern measured last; NaN where the kind leaves out all. */
  double mean(EntropyKind kind, int row) {
    return means.get(kind).mean(row);
  }

  /**
   * Mean attention to one of the first keys, over query positions from {@link
   * Visibility#firstAttentiveQuery} on; NaN for none.
   */
  double first(int row, int key) {
    return key < positions ? mean(first[row * KEYS + key]) : Double.NaN;
  }

  /** Likewise to one of the last keys, in order of position. */
  double last(int row, int key) {
    return positions - KEYS + key >= 0 ? mean(last[row * KEYS + key]) : Double.NaN;
  }

  private double mean(double attention) {
    int queries = positions - visibility.firstAttentiveQuery();
    return queries == 0 ? Double.NaN : attention / queries;
  }

  private void requireDistributions(
      int query, int visible, int firstMatrix, int count, Damage damage) {
    boolean suspicious = exact.isSigned() || block.keys() > visible;
    for (int row = 0; row < count; row++) {
      suspicious |= !PatternRow.isWhole(exact.sum(row));
    }
    for (int row = 0; suspicious && row < count; row++) {
      float[] weights = block.row(row, query);
      Optional<String> defect =
          changedRows.get(row)
              ? PatternRow.weightDefect(weights)
              : PatternRow.defect(weights, visible);
      if (defect.isPresent()) {
        throw damage.of(firstMatrix + row, query, defect.get());
      }
    }
  }

  private void addEntropies(int query, int visible, int count, boolean weighted) {
    RowMeans ofReference = means.get(EntropyKind.REFERENCE);
    RowMeans ofExact = means.get(EntropyKind.EXACT);
    for (int row = 0; row < count; row++) {
      ofReference.add(row, referenceNats[row]);
      ofExact.add(row, exactNats(row));
    }
    if (query < matchedPositions) {
      RowMeans ofMatched = means.get(EntropyKind.POSITION_MATCHED);
      for (int row = 0; row < count; row++) {
        ofMatched.add(row, exactNats(row));
      }
    }
    if (visible >= EntropyKind.LEAST_KEYS) {
      double most = Math.log(visible);
      RowMeans ofLength = means.get(EntropyKind.LENGTH_NORMALISED);
      for (int row = 0; row < count; row++) {
        ofLength.add(row, exactNats(row) / most);
      }
    }
    if (visible >= 1 + EntropyKind.LEAST_KEYS) {
      RowMeans ofSink = means.get(EntropyKind.SINK_EXCLUDED);
      for (int row = 0; row < count; row++) {
        ofSink.add(row, exact.withoutSinkNats(row));
      }
    }
    if (weighted) {
      RowMeans ofWeighted = means.get(EntropyKind.NORM_WEIGHTED);
      for (int row = 0; row < count; row++) {
        ofWeighted.add(row, exact.weightedNats(row));
      }
    }
  }

  private double exactNats(int row) {
    return changedRows.get(row) ? exact.renormalisedNats(row) : exact.nats(row);
  }

  private void addAttention(int query, int visible, int count) {
    if (query < visibility.firstAttentiveQuery()) {
      return;
    }
    for (int key = 0; key < KEYS; key++) {
      addKey(key, visible, count, first, key);
      addKey(positions - KEYS + key, visible, count, last, key);
    }
  }

  private void addKey(int key, int visible, int count, double[] sums, int place) {
    if (key < 0 || key >= visible) {
      return;
    }
    float[] chunk = block.chunk(key / PatternBlock.LANES);
    int lane = key % PatternBlock.LANES * rows;
    for (int row = 0; row < count; row++) {
      sums[row * KEYS + place] += chunk[lane + row];
    }
  }
}

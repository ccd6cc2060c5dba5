package org.rolescope.export.instrument;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.rolescope.export.instrument.GraphRunner.Output;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.AttentionKind;

/**
 * What two runs of a graph on made-up tokens tell: which softmaxes are patterns, how many heads
 * they have, and whether a query sees later keys. Two runs of other batch and length, because a
 * graph may have the sizes of its export written into it.
 *
 * @param patterns the softmaxes that are patterns, in order of layer
 * @param headCount heads of every layer
 * @param attention causal where no query gives any weight to a later key
 * @param logits width of the output {@code logits} where the graph has one for every position
 */
public record PatternProbe(
    List<String> patterns, int headCount, AttentionKind attention, Optional<Integer> logits) {
  private static final String LOGITS = "logits";
  private static final int AXES = 4;
  private static final int MAX_HEADS = 1 << 14;

  /** As METRICS has it: far above what softmax leaves. */
  private static final double SUM_TOLERANCE = 1e-3;

  /** Batch and length of the runs. */
  private static final int[][] RUNS = {{2, 9}, {1, 5}};

  /** Copies the names. */
  public PatternProbe {
    patterns = List.copyOf(patterns);
  }

  /**
   * Runs a graph.
   *
   * @param graph the graph, for faults
   * @param loaded the graph with the softmaxes as outputs
   * @param softmaxes their names
   * @param vocabularySize token ids end below
   * @throws RolescopeException MALFORMED_MODEL where the graph does not run, no softmax is a
   *     pattern, or their heads differ
   */
  public static PatternProbe run(
      OnnxGraph graph, GraphRunner.Loaded loaded, List<String> softmaxes, int vocabularySize) {
    boolean offersLogits =
        graph.graph().getOutputList().stream().anyMatch(each -> each.getName().equals(LOGITS));
    Set<String> outputs = new HashSet<>(softmaxes);
    if (offersLogits) {
      outputs.add(LOGITS);
    }
    PatternProbe first = null;
    for (int[] size : RUNS) {
      List<long[]> tokens = tokens(size[0], size[1], vocabularySize);
      PatternProbe found = read(graph, softmaxes, loaded.run(tokens, outputs), size[0], size[1]);
      if (first != null && !first.equals(found)) {
        throw graph.malformed(
            "gives other patterns for prompts of another length, so its export fixed a size; export"
                + " it again with dynamic axes for batch and sequence");
      }
      first = found;
    }
    return first;
  }

  private static PatternProbe read(
      OnnxGraph graph, List<String> softmaxes, Map<String, Output> results, int batch, int length) {
    List<String> patterns = new ArrayList<>();
    Set<Long> headCounts = new HashSet<>();
    boolean causal = true;
    for (String name : softmaxes) {
      Output result = results.get(name);
      if (isPattern(result.shape(), batch, length)) {
        patterns.add(name);
        headCounts.add(result.shape().get(1));
        requireDistributions(graph, name, result.values(), length);
        causal &= isCausal(result.values(), length);
      }
    }
    if (patterns.isEmpty()) {
      throw HiddenAttention.fault(graph);
    }
    long heads = headCounts.iterator().next();
    if (headCounts.size() > 1 || heads > MAX_HEADS) {
      throw graph.malformed(
          "has layers of different head counts, %s, which cannot be compared; give a model whose layers have the same number of heads"
              .formatted(headCounts.stream().sorted().toList()));
    }
    return new PatternProbe(
        patterns,
        (int) heads,
        causal ? AttentionKind.CAUSAL : AttentionKind.BIDIRECTIONAL,
        logits(results, batch, length));
  }

  private static Optional<Integer> logits(Map<String, Output> results, int batch, int length) {
    return Optional.ofNullable(results.get(LOGITS))
        .map(Output::shape)
        .filter(shape -> shape.size() == 3 && shape.get(0) == batch && shape.get(1) == length)
        .map(shape -> Math.toIntExact(shape.get(2)));
  }

  private static boolean isPattern(List<Long> shape, int batch, int length) {
    return shape.size() == AXES
        && shape.get(0) == batch
        && shape.get(2) == length
        && shape.get(3) == length;
  }

  private static void requireDistributions(
      OnnxGraph graph, String name, FloatBuffer values, int length) {
    for (int row = 0; row < values.limit() / length; row++) {
      double sum = 0;
      for (int key = 0; key < length; key++) {
        sum += values.get(row * length + key);
      }
      if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
        throw graph.malformed(
            "gives attention that sums to %s, not to 1, in %s; export it again in float32"
                .formatted((float) sum, name));
      }
    }
  }

  private static boolean isCausal(FloatBuffer values, int length) {
    for (int index = 0; index < values.limit(); index++) {
      int query = index / length % length;
      if (index % length > query && values.get(index) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Tokens spread over the vocabulary, others for every prompt; the same at each call. */
  private static List<long[]> tokens(int batch, int length, int vocabularySize) {
    List<long[]> prompts = new ArrayList<>();
    for (int prompt = 0; prompt < batch; prompt++) {
      long from = 1L + (long) prompt * length;
      prompts.add(
          LongStream.range(from, from + length)
              .map(index -> index * 7919 % vocabularySize)
              .toArray());
    }
    return prompts;
  }
}

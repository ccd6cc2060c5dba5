package org.rolescope.metrics.candidates;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.stats.BenjaminiHochberg;

/**
 * Ranks the heads of two models by robust difference-in-differences: each layer is measured as it
 * is added, then all heads are scored together. METRICS §5. Not thread-safe.
 */
public final class CandidateRanking {
  private final CandidateOptions options;
  private final PromptPairs pairs;
  private final List<HeadDifference> heads = new ArrayList<>();

  /**
   * Begins a ranking.
   *
   * @throws RolescopeException INVALID_ARGUMENT where there are fewer than two pairs of prompts
   */
  public CandidateRanking(CandidateOptions options) {
    this.options = options;
    pairs = PromptPairs.of(options);
  }

  /**
   * Adds a layer. Pairs with a prompt that has no entropy of the kind in one of the models are left
   * out of it.
   *
   * @param base the layer of the older version
   * @param instruct the same layer of the newer version
   * @throws RolescopeException INVALID_ARGUMENT where layer or head count differ, prompts are not
   *     those of the options, the kind was not measured, or fewer than two pairs have it
   */
  public void add(LayerEntropies base, LayerEntropies instruct) {
    requireSame("layer", base.layer(), instruct.layer(), base.layer());
    requireSame("number of heads", base.headCount(), instruct.headCount(), base.layer());
    requirePrompts(base);
    requirePrompts(instruct);
    EntropyTable before = base.table(options.entropy());
    EntropyTable after = instruct.table(options.entropy());
    PromptPairs measured = pairs.measuredIn(before, after);
    if (measured.count() < PromptPairs.MIN_COUNT) {
      throw invalid(
          "Layer %d has %d pairs of prompts with %s entropy, but candidates need at least %d; choose another kind or longer prompts",
          base.layer(), measured.count(), options.entropy(), PromptPairs.MIN_COUNT);
    }
    for (int head = 0; head < base.headCount(); head++) {
      PairedEntropies entropies = new PairedEntropies(before, after, head, measured);
      heads.add(HeadDifference.of(base.layer(), head, entropies));
    }
  }

  /**
   * The heads of all layers added, best first. Heads of equal score are in order of layer and head;
   * those without a score come last.
   *
   * @throws IllegalStateException where no layer was added
   */
  public RankedCandidates finish() {
    if (heads.isEmpty()) {
      throw new IllegalStateException("no layer was added");
    }
    List<CandidateScores> scores = CandidateScores.of(heads);
    double[] qValues =
        BenjaminiHochberg.qValues(
            heads.stream().mapToDouble(HeadDifference::wilcoxonPValue).toArray());
    int[] order = order(scores);
    List<Candidate> given =
        IntStream.range(
                0, options.topK() == 0 ? order.length : Math.min(options.topK(), order.length))
            .mapToObj(
                place ->
                    new Candidate(
                        heads.get(order[place]),
                        scores.get(order[place]),
                        place + 1,
                        qValues[order[place]]))
            .toList();
    return new RankedCandidates(given, CandidateSummary.of(given), heads.size());
  }

  private int[] order(List<CandidateScores> scores) {
    Comparator<Integer> byScore =
        Comparator.comparingDouble(
            head -> {
              double composite = scores.get(head).composite();
              return Double.isNaN(composite) ? Double.POSITIVE_INFINITY : -composite;
            });
    return IntStream.range(0, heads.size())
        .boxed()
        .sorted(
            byScore
                .thenComparingInt(head -> heads.get(head).layer())
                .thenComparingInt(head -> heads.get(head).head()))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private void requirePrompts(LayerEntropies layer) {
    if (layer.promptCount() != options.categories().size()) {
      throw invalid(
          "Layer %d has %d prompts but the options name %d categories; name one for each prompt",
          layer.layer(), layer.promptCount(), options.categories().size());
    }
  }

  private static void requireSame(String what, int base, int instruct, int layer) {
    if (base != instruct) {
      throw invalid(
          "The %s differs between the models at layer %d (base %d, instruct %d); rank heads of two versions of one model",
          what, layer, base, instruct);
    }
  }

  private static RolescopeException invalid(String message, Object... values) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, message.formatted(values));
  }
}

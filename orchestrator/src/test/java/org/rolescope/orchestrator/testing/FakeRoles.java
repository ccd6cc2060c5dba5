package org.rolescope.orchestrator.testing;

import java.util.List;
import org.rolescope.v1.Candidate;
import org.rolescope.v1.CandidateOptions;
import org.rolescope.v1.CandidateSummary;
import org.rolescope.v1.Estimate;
import org.rolescope.v1.HeadRoles;
import org.rolescope.v1.IndexDifference;
import org.rolescope.v1.Interval;
import org.rolescope.v1.LayerContrast;
import org.rolescope.v1.LayerEffects;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.LayerIndex;
import org.rolescope.v1.LayerPair;
import org.rolescope.v1.LayerRoles;
import org.rolescope.v1.RankCandidatesResponse;
import org.rolescope.v1.RunPair;
import org.rolescope.v1.SampleMean;

/** Numbers in every field that follow from the entropies but mean nothing. */
public final class FakeRoles {
  private FakeRoles() {}

  public static LayerRoles roles(LayerEntropies layer) {
    double mean =
        layer.getTables(0).getNatsList().stream()
            .mapToDouble(Double::doubleValue)
            .average()
            .orElseThrow();
    LayerRoles.Builder roles =
        LayerRoles.newBuilder()
            .setLayer(layer.getLayer())
            .setRfc(index(mean / 3, layer.getHeadCount()))
            .setRsi(index(mean / 7, layer.getHeadCount()))
            .setUnstable(layer.getLayer() == 1);
    for (int head = 0; head < layer.getHeadCount(); head++) {
      roles.addHeads(HeadRoles.newBuilder().setHead(head).setDegenerate(head == 1));
    }
    return roles.build();
  }

  public static LayerContrast contrast(LayerPair pair) {
    LayerRoles base = roles(pair.getBase());
    LayerRoles instruct = roles(pair.getInstruct());
    return LayerContrast.newBuilder()
        .setLayer(base.getLayer())
        .setBase(base)
        .setInstruct(instruct)
        .setRfc(difference(base.getRfc(), instruct.getRfc()))
        .setRsi(difference(base.getRsi(), instruct.getRsi()))
        .setUnstable(base.getUnstable())
        .build();
  }

  /** The first head of each layer, as many as are wanted; where the number is even, no q-value. */
  public static RankCandidatesResponse ranking(CandidateOptions options, List<LayerPair> layers) {
    int wanted = options.getTopK() == 0 ? layers.size() : options.getTopK();
    RankCandidatesResponse.Builder ranking =
        RankCandidatesResponse.newBuilder().setOptions(options).setRankedCount(layers.size());
    for (LayerPair pair : layers.subList(0, Math.min(wanted, layers.size()))) {
      int layer = pair.getBase().getLayer();
      double first = pair.getInstruct().getTables(0).getNats(0);
      ranking.addCandidates(
          Candidate.newBuilder()
              .setLayer(layer)
              .setHead(3)
              .setSelfBaseMedian(first)
              .setDidMedian(first / 3)
              .setNSelf(2)
              .setRank(layer + 1)
              .setQValue(layer % 2 == 0 ? Double.NaN : 0.5));
    }
    return ranking
        .setSummary(
            CandidateSummary.newBuilder()
                .setTotalCandidates(ranking.getCandidatesCount())
                .setMeanDidMedian(0.1)
                .setStdDidMedian(Double.NaN)
                .addLayersWithCandidates(0)
                .setTopHead(3))
        .build();
  }

  public static LayerEffects effects(RunPair pair) {
    double change = mean(pair.getIntervened()) - mean(pair.getClean());
    return LayerEffects.newBuilder()
        .setLayer(pair.getClean().getLayer())
        .setSelfNats(estimate(change))
        .setNeutralNats(estimate(change / 2))
        .setConfounderNats(estimate(Double.NaN))
        .setRfc(estimate(change / 3))
        .setRsi(estimate(change / 4))
        .build();
  }

  private static double mean(LayerEntropies layer) {
    return layer.getTables(1).getNatsList().stream()
        .mapToDouble(Double::doubleValue)
        .average()
        .orElseThrow();
  }

  private static LayerIndex index(double value, int count) {
    return LayerIndex.newBuilder()
        .setReference(
            SampleMean.newBuilder()
                .setMean(value)
                .setStandardDeviation(Double.NaN)
                .setConfidence(around(value))
                .setCount(count))
        .setReferencePromptIndex(estimate(value + 1))
        .setRatioOfSums(estimate(value + 2))
        .setHeadMedian(value + 3)
        .build();
  }

  private static IndexDifference difference(LayerIndex base, LayerIndex instruct) {
    double value = instruct.getReference().getMean() - base.getReference().getMean();
    return IndexDifference.newBuilder()
        .setReference(estimate(value))
        .setReferenceSignificant(true)
        .setRatioOfSums(estimate(value + 1))
        .setHeadMedian(value + 2)
        .setPValue(0.25)
        .setQValue(0.5)
        .build();
  }

  private static Estimate estimate(double value) {
    return Estimate.newBuilder().setValue(value).setConfidence(around(value)).build();
  }

  private static Interval around(double value) {
    return Interval.newBuilder().setLow(value - 0.125).setHigh(value + 0.125).build();
  }
}

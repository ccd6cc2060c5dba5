package org.rolescope.orchestrator.testing;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.rolescope.v1.CausalVerdict;
import org.rolescope.v1.CompareLogitsRequest;
import org.rolescope.v1.DirectionScore;
import org.rolescope.v1.LogitComparison;
import org.rolescope.v1.PatchedHeads;
import org.rolescope.v1.PatchingEndpoints;
import org.rolescope.v1.PatchingScore;
import org.rolescope.v1.ScorePatchingRequest;
import org.rolescope.v1.ScorePatchingResponse;

/** Patching in numbers, by docs/metrics.md but for intervals, q-values and verdicts. */
public final class FakePatching {
  private static final double MIN_GAP = 1e-6;

  private FakePatching() {}

  /** Divergence in plain loops, and the answers of both runs. */
  public static LogitComparison compare(CompareLogitsRequest message) {
    LogitComparison.Builder comparison =
        LogitComparison.newBuilder()
            .setKlNats(divergence(message.getCleanList(), message.getOtherList()))
            .setCleanLogitDifference(Double.NaN)
            .setOtherLogitDifference(Double.NaN);
    if (message.hasAnswers()) {
      int first = message.getAnswers().getFirst();
      int second = message.getAnswers().getSecond();
      comparison
          .setCleanLogitDifference((double) message.getClean(first) - message.getClean(second))
          .setOtherLogitDifference((double) message.getOther(first) - message.getOther(second));
    }
    return comparison.build();
  }

  static ScorePatchingResponse score(ScorePatchingRequest request) {
    ScorePatchingResponse.Builder response =
        ScorePatchingResponse.newBuilder().setOptions(request.getOptions());
    for (PatchedHeads candidate : request.getCandidatesList()) {
      PatchingScore.Builder score =
          PatchingScore.newBuilder()
              .addAllHeads(candidate.getHeadsList())
              .setDenoising(
                  direction(
                      request.getDenoising(),
                      candidate,
                      request.getRandomHeadsList(),
                      PatchedHeads::getDenoisedList))
              .setVerdict(CausalVerdict.CAUSAL_VERDICT_UNDECIDED)
              .setExplanation("made up");
      if (request.hasNoising()) {
        score.setNoising(
            direction(
                request.getNoising(),
                candidate,
                request.getRandomHeadsList(),
                PatchedHeads::getNoisedList));
      }
      response.addScores(score);
    }
    return response.build();
  }

  /** Recovery of one prompt; NaN where the runs do not differ. */
  static double recovery(double source, double target, double patched) {
    double gap = source - target;
    return Math.abs(gap) < MIN_GAP ? Double.NaN : (patched - target) / gap;
  }

  private static DirectionScore direction(
      PatchingEndpoints runs,
      PatchedHeads candidate,
      List<PatchedHeads> random,
      Function<PatchedHeads, List<Double>> measures) {
    double recovery = overPrompts(runs, measures.apply(candidate));
    double[] chance =
        random.stream()
            .filter(set -> set.getHeadsCount() == candidate.getHeadsCount())
            .mapToDouble(set -> overPrompts(runs, measures.apply(set)))
            .toArray();
    double pValue =
        chance.length == 0
            ? Double.NaN
            : (1.0
                    + IntStream.range(0, chance.length)
                        .filter(index -> Math.abs(chance[index]) >= Math.abs(recovery))
                        .count())
                / (1 + chance.length);
    DirectionScore.Builder score =
        DirectionScore.newBuilder().setNullCount(chance.length).setPValue(pValue).setQValue(pValue);
    score
        .getRecoveryBuilder()
        .setValue(recovery)
        .getConfidenceBuilder()
        .setLow(Double.NaN)
        .setHigh(Double.NaN);
    for (int prompt = 0; prompt < runs.getSourceCount(); prompt++) {
      double of =
          recovery(
              runs.getSource(prompt),
              runs.getTarget(prompt),
              measures.apply(candidate).get(prompt));
      score.addRecoveryByPrompt(of);
      score.setDefinedCount(score.getDefinedCount() + (Double.isNaN(of) ? 0 : 1));
    }
    return score.build();
  }

  private static double overPrompts(PatchingEndpoints runs, List<Double> patched) {
    double moved = 0;
    double gaps = 0;
    for (int prompt = 0; prompt < patched.size(); prompt++) {
      double gap = runs.getSource(prompt) - runs.getTarget(prompt);
      if (Math.abs(gap) >= MIN_GAP) {
        moved += Math.signum(gap) * (patched.get(prompt) - runs.getTarget(prompt));
        gaps += Math.abs(gap);
      }
    }
    return moved / gaps;
  }

  private static double divergence(List<Float> clean, List<Float> other) {
    double cleanTotal = clean.stream().mapToDouble(Math::exp).sum();
    double otherTotal = other.stream().mapToDouble(Math::exp).sum();
    double nats = 0;
    for (int token = 0; token < clean.size(); token++) {
      double logP = clean.get(token) - Math.log(cleanTotal);
      nats += Math.exp(logP) * (logP - other.get(token) + Math.log(otherTotal));
    }
    return Math.max(0, nats);
  }
}

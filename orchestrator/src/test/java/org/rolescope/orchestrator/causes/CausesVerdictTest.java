package org.rolescope.orchestrator.causes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.rolescope.v1.CandidateCause;
import org.rolescope.v1.CausalReport;
import org.rolescope.v1.CausalVerdict;
import org.rolescope.v1.DirectionScore;
import org.rolescope.v1.Estimate;
import org.rolescope.v1.HeadSite;
import org.rolescope.v1.Interval;
import org.rolescope.v1.PatchResults;
import org.rolescope.v1.PatchingOptions;
import org.rolescope.v1.PatchingScore;
import org.rolescope.v1.ScorePatchingResponse;

/** Who carries the answer, and what is said of it. */
final class CausesVerdictTest {
  private static final PatchingOptions OPTIONS =
      PatchingOptions.newBuilder().setSignificanceLevel(0.05).setEquivalenceBound(0.05).build();

  @Test
  void carriersHaveIntervalsAboveZeroAndTheBoundInBothDirections() {
    ScorePatchingResponse sweep =
        sweep(
            score(0, 0.06, 0.9, 0.01),
            score(1, 0.4, 0.2, 0.01),
            score(2, 0.049, 0.4, 0.01),
            score(3, 0.4, 0.2, -0.01),
            score(4, -0.4, -0.4, 0.01),
            score(5, 0.3, 0.3, 0.01).toBuilder().clearNoising().build());
    assertEquals(
        List.of(1, 0),
        CausesVerdict.carriers(sweep).stream().map(each -> each.getHeads(0).getLayer()).toList());
  }

  @Test
  void theVerdictNamesCarriersCandidatesAndTheNull() {
    PatchingScore carrier = score(1, 0.4, 0.2, 0.01);
    PatchingScore candidate = score(2, 0.001, 0.002, 0.01);
    CausalReport.Builder report =
        CausalReport.newBuilder()
            .addCarriers(carrier)
            .addCandidates(cause(carrier, CausalVerdict.CAUSAL_VERDICT_CAUSAL))
            .addCandidates(cause(candidate, CausalVerdict.CAUSAL_VERDICT_CORRELATE_ONLY))
            .setTogether(withNull(score(9, 0.41, 0.21, 0.01), 0.1));
    assertEquals(
        "The answer is carried by head 1.0 (40.0% in, 20.0% out); candidates among these: 1."
            + " Of 2 candidates 1 is causal (1.0), 1 is correlate only (2.0), 0 are undecided."
            + " Patched all at once, they recover 41.0% in and 21.0% out; 95% of random sets of as many heads stay below 10.0%"
            + " and 10.0%.",
        CausesVerdict.of(report));
  }

  @Test
  void withoutCarriersItSaysSo() {
    CausalReport.Builder report =
        CausalReport.newBuilder()
            .setSweep(PatchResults.newBuilder().setScores(sweep()))
            .setTogether(withNull(score(0, 0.1, 0.1, 0.01), Double.NaN));
    assertTrue(
        CausesVerdict.of(report)
            .startsWith(
                "No single head carries the answer: none has intervals above 0 and a recovery of 5.0% in both directions."));
    assertTrue(CausesVerdict.of(report).contains("an undefined share"));
  }

  private static ScorePatchingResponse sweep(PatchingScore... scores) {
    return ScorePatchingResponse.newBuilder()
        .setOptions(OPTIONS)
        .addAllScores(Stream.of(scores).toList())
        .build();
  }

  private static CandidateCause cause(PatchingScore score, CausalVerdict verdict) {
    return CandidateCause.newBuilder().setPatching(score.toBuilder().setVerdict(verdict)).build();
  }

  private static PatchingScore withNull(PatchingScore score, double quantile) {
    PatchingScore.Builder compared = score.toBuilder();
    compared.getDenoisingBuilder().setNullQuantile(quantile);
    compared.getNoisingBuilder().setNullQuantile(quantile);
    return compared.build();
  }

  private static PatchingScore score(int layer, double denoising, double noising, double low) {
    return PatchingScore.newBuilder()
        .addHeads(HeadSite.newBuilder().setLayer(layer))
        .setDenoising(direction(denoising, low))
        .setNoising(direction(noising, low))
        .build();
  }

  private static DirectionScore direction(double recovery, double low) {
    return DirectionScore.newBuilder()
        .setRecovery(
            Estimate.newBuilder()
                .setValue(recovery)
                .setConfidence(Interval.newBuilder().setLow(low).setHigh(1)))
        .build();
  }
}

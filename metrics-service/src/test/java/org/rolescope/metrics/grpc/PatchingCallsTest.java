package org.rolescope.metrics.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rolescope.metrics.patching.DirectionScore;
import org.rolescope.metrics.patching.InterventionEffects;
import org.rolescope.metrics.patching.LayerEffects;
import org.rolescope.metrics.patching.PatchingAnalysis;
import org.rolescope.metrics.patching.PatchingGolden;
import org.rolescope.metrics.patching.PatchingScore;
import org.rolescope.metrics.role.RoleGolden;
import org.rolescope.v1.AnswerTokens;
import org.rolescope.v1.CausalVerdict;
import org.rolescope.v1.CompareLogitsRequest;
import org.rolescope.v1.CompareLogitsResponse;
import org.rolescope.v1.HeadSite;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.MetricsServiceGrpc;
import org.rolescope.v1.PatchedHeads;
import org.rolescope.v1.PatchingEndpoints;
import org.rolescope.v1.PatchingOptions;
import org.rolescope.v1.RunPair;
import org.rolescope.v1.ScoreInterventionRequest;
import org.rolescope.v1.ScoreInterventionResponse;
import org.rolescope.v1.ScorePatchingRequest;
import org.rolescope.v1.ScorePatchingResponse;

/** CompareLogits, ScoreIntervention and ScorePatching over the wire. */
@Timeout(60)
final class PatchingCallsTest {
  private static final PatchingOptions FILLED =
      PatchingOptions.newBuilder()
          .setBootstrapResamples(2000)
          .setSeed(5)
          .setSignificanceLevel(0.05)
          .setEquivalenceBound(0.05)
          .build();

  private final MetricsServer server = MetricsServer.alone();
  private final Function<
          StreamObserver<CompareLogitsResponse>, StreamObserver<CompareLogitsRequest>>
      compare = MetricsServiceGrpc.newStub(server.channel())::compareLogits;
  private final Function<
          StreamObserver<ScoreInterventionResponse>, StreamObserver<ScoreInterventionRequest>>
      intervene = MetricsServiceGrpc.newStub(server.channel())::scoreIntervention;

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void scoresCarryEveryNumberAndTheOptions() {
    ScorePatchingResponse response = score(request().build());
    assertEquals(FILLED, response.getOptions());
    List<PatchingScore> expected =
        new PatchingAnalysis(
                org.rolescope.metrics.patching.PatchingOptions.defaults(5),
                PatchingGolden.runs(),
                Optional.of(PatchingGolden.runs()))
            .score(PatchingGolden.candidates(), PatchingGolden.randomHeads());
    assertEquals(expected.size(), response.getScoresCount());
    for (int index = 0; index < expected.size(); index++) {
      PatchingScore score = expected.get(index);
      org.rolescope.v1.PatchingScore actual = response.getScores(index);
      assertEquals(score.explanation(), actual.getExplanation());
      assertEquals(sites(score.heads()), actual.getHeadsList());
      check(score.denoising(), actual.getDenoising());
      check(score.noising().orElseThrow(), actual.getNoising());
      assertTrue(actual.getVerdict() != CausalVerdict.CAUSAL_VERDICT_UNSPECIFIED);
    }
    assertEquals(CausalVerdict.CAUSAL_VERDICT_CORRELATE_ONLY, response.getScores(1).getVerdict());
    assertEquals(response, score(request().build()));
  }

  @Test
  void oneDirectionAloneIsUndecided() {
    ScorePatchingRequest.Builder request = request().clearNoising().clearRandomHeads();
    request.getCandidatesBuilderList().forEach(PatchedHeads.Builder::clearNoised);
    ScorePatchingResponse response = score(request.build());
    assertFalse(response.getScores(0).hasNoising());
    assertEquals(CausalVerdict.CAUSAL_VERDICT_UNDECIDED, response.getScores(0).getVerdict());
    assertTrue(Double.isNaN(response.getScores(0).getDenoising().getPValue()));
  }

  @Test
  void scoresThatCannotBeUsedAreRefused() {
    assertRefused("there are 0 prompts", ScorePatchingRequest.getDefaultInstance());
    assertRefused("there are no candidates", request().clearCandidates().build());
    assertRefused(
        "equivalence_bound is -1.0",
        request().setOptions(FILLED.toBuilder().setEquivalenceBound(-1)).build());
    assertRefused(
        "2147483647 bootstrap resamples were asked for",
        request().setOptions(FILLED.toBuilder().setBootstrapResamples(-1)).build());
  }

  @Test
  void logitsAreComparedPromptByPrompt() throws Exception {
    float halved = (float) -Math.log(2);
    CompareLogitsResponse response =
        ClientStreams.answer(
            compare,
            List.of(
                logits(List.of(0f, Float.NEGATIVE_INFINITY), List.of(0f, 0f)).build(),
                logits(List.of(3f, 1f, 0f), List.of(3f, 1f, halved))
                    .setAnswers(AnswerTokens.newBuilder().setFirst(0).setSecond(2))
                    .build()));
    assertEquals(2, response.getComparisonsCount());
    assertEquals(Math.log(2), response.getComparisons(0).getKlNats(), 1e-15);
    assertTrue(Double.isNaN(response.getComparisons(0).getCleanLogitDifference()));
    assertTrue(Double.isNaN(response.getComparisons(0).getOtherLogitDifference()));
    assertTrue(response.getComparisons(1).getKlNats() > 0);
    assertEquals(3, response.getComparisons(1).getCleanLogitDifference());
    assertEquals(3 - (double) halved, response.getComparisons(1).getOtherLogitDifference());
  }

  @Test
  void logitsThatCannotBeComparedAreRefused() {
    ClientStreams.assertRefused(compare, List.of(), "No logits came");
    ClientStreams.assertRefused(
        compare,
        List.of(logits(List.of(1f), List.of(1f)).build(), logits(List.of(1f), List.of()).build()),
        "Prompt 1 cannot be compared: 1 and 0 logits");
    CompareLogitsRequest.Builder two = logits(List.of(1f, 2f), List.of(1f, 2f));
    ClientStreams.assertRefused(
        compare,
        List.of(two.setAnswers(AnswerTokens.newBuilder().setSecond(2)).build()),
        "Answer token 2 lies outside the vocabulary of 2 tokens");
    ClientStreams.assertRefused(
        compare,
        List.of(two.setAnswers(AnswerTokens.getDefaultInstance()).build()),
        "Tokens 0 and 0 are no two answers");
  }

  @Test
  void interventionsCarryEveryNumberAndTheOptions() throws Exception {
    ScoreInterventionResponse response =
        ClientStreams.answer(
            intervene,
            List.of(
                interventionOptions(),
                runs(RoleRequests.wire(0), RoleRequests.instruct(0)),
                runs(RoleRequests.wire(1), RoleRequests.instruct(1))));
    assertEquals(RoleRequests.filled(), response.getOptions());
    assertEquals(2, response.getLayersCount());
    LayerEffects expected =
        new InterventionEffects(RoleGolden.options())
            .of(RoleGolden.layer(1, "base"), RoleGolden.layer(1, "instruct"));
    org.rolescope.v1.LayerEffects actual = response.getLayers(1);
    assertEquals(1, actual.getLayer());
    assertEquals(RoleMessages.message(expected.selfNats()), actual.getSelfNats());
    assertEquals(RoleMessages.message(expected.neutralNats()), actual.getNeutralNats());
    assertEquals(RoleMessages.message(expected.confounderNats()), actual.getConfounderNats());
    assertEquals(RoleMessages.message(expected.rfc()), actual.getRfc());
    assertEquals(RoleMessages.message(expected.rsi()), actual.getRsi());
  }

  @Test
  void interventionsThatCannotBeScoredAreRefused() {
    ClientStreams.assertRefused(intervene, List.of(), "No options came; send them first");
    ClientStreams.assertRefused(intervene, List.of(interventionOptions()), "No layers came");
    ClientStreams.assertRefused(
        intervene, List.of(ScoreInterventionRequest.getDefaultInstance()), "A message is empty");
    ClientStreams.assertRefused(
        intervene,
        List.of(interventionOptions(), runs(RoleRequests.wire(0), RoleRequests.wire(1))),
        "send the same layer of one model");
  }

  private static void check(DirectionScore expected, org.rolescope.v1.DirectionScore actual) {
    assertEquals(RoleMessages.message(expected.recovery()), actual.getRecovery());
    assertEquals(expected.byPrompt(), actual.getRecoveryByPromptList());
    assertEquals(expected.definedCount(), actual.getDefinedCount());
    assertEquals(expected.chance().count(), actual.getNullCount());
    assertEquals(expected.chance().rankPValue(), actual.getPValue());
    assertEquals(expected.chance().rankQValue(), actual.getQValue());
    assertEquals(expected.chance().quantile(), actual.getNullQuantile());
    assertEquals(expected.chance().excessPValue(), actual.getExcessPValue());
    assertEquals(expected.chance().excessQValue(), actual.getExcessQValue());
  }

  private ScorePatchingResponse score(ScorePatchingRequest request) {
    return MetricsServiceGrpc.newBlockingStub(server.channel()).scorePatching(request);
  }

  private void assertRefused(String sentence, ScorePatchingRequest request) {
    Status status = assertThrows(StatusRuntimeException.class, () -> score(request)).getStatus();
    assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), status.toString());
    assertTrue(status.getDescription().contains(sentence), status.getDescription());
  }

  private static ScorePatchingRequest.Builder request() {
    PatchingEndpoints runs =
        PatchingEndpoints.newBuilder()
            .addAllSource(PatchingGolden.runs().source())
            .addAllTarget(PatchingGolden.runs().target())
            .build();
    return ScorePatchingRequest.newBuilder()
        .setOptions(PatchingOptions.newBuilder().setSeed(5))
        .setDenoising(runs)
        .setNoising(runs)
        .addAllCandidates(wire(PatchingGolden.candidates()))
        .addAllRandomHeads(wire(PatchingGolden.randomHeads()));
  }

  private static List<PatchedHeads> wire(
      List<org.rolescope.metrics.patching.PatchedHeads> patches) {
    return patches.stream()
        .map(
            patch ->
                PatchedHeads.newBuilder()
                    .addAllHeads(sites(patch.heads()))
                    .addAllDenoised(patch.denoised())
                    .addAllNoised(patch.noised())
                    .build())
        .toList();
  }

  private static List<HeadSite> sites(List<org.rolescope.metrics.patching.HeadSite> heads) {
    return heads.stream()
        .map(site -> HeadSite.newBuilder().setLayer(site.layer()).setHead(site.head()).build())
        .toList();
  }

  private static CompareLogitsRequest.Builder logits(List<Float> clean, List<Float> other) {
    return CompareLogitsRequest.newBuilder().addAllClean(clean).addAllOther(other);
  }

  private static ScoreInterventionRequest interventionOptions() {
    return ScoreInterventionRequest.newBuilder().setOptions(RoleRequests.unfilled()).build();
  }

  private static ScoreInterventionRequest runs(LayerEntropies clean, LayerEntropies intervened) {
    return ScoreInterventionRequest.newBuilder()
        .setLayer(RunPair.newBuilder().setClean(clean).setIntervened(intervened))
        .build();
  }
}

package org.rolescope.metrics.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rolescope.metrics.candidates.CandidateOptions;
import org.rolescope.metrics.candidates.CandidateRanking;
import org.rolescope.metrics.role.RoleGolden;
import org.rolescope.metrics.stats.Correlation;
import org.rolescope.v1.Candidate;
import org.rolescope.v1.CorrelateSeriesRequest;
import org.rolescope.v1.CorrelateSeriesResponse;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.LayerPair;
import org.rolescope.v1.LayerSeries;
import org.rolescope.v1.MetricsServiceGrpc;
import org.rolescope.v1.RankCandidatesRequest;
import org.rolescope.v1.RankCandidatesResponse;
import org.rolescope.v1.RoleCategories;

/** RankCandidates and CorrelateSeries over the wire. */
@Timeout(60)
final class CandidateStreamsTest {
  private final MetricsServer server = MetricsServer.alone();
  private final Function<
          StreamObserver<RankCandidatesResponse>, StreamObserver<RankCandidatesRequest>>
      rank = MetricsServiceGrpc.newStub(server.channel())::rankCandidates;

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void rankingCarriesEveryNumberAndTheOptions() throws Exception {
    List<RankCandidatesRequest> messages =
        List.of(options(unfilled()), pair(0, 0), pair(1, 1), pair(3, 3));
    RankCandidatesResponse response = ClientStreams.answer(rank, messages);
    assertEquals(
        unfilled()
            .setRoles(
                RoleCategories.newBuilder()
                    .setSelf("self_referent")
                    .setNeutral("neutral")
                    .setConfounder("confounder"))
            .setEntropy(EntropyKind.ENTROPY_KIND_REFERENCE)
            .build(),
        response.getOptions());
    CandidateOptions options =
        CandidateOptions.defaults(RoleGolden.options().categories(), "golden");
    CandidateRanking expected = new CandidateRanking(options);
    for (int layer : new int[] {0, 1, 3}) {
      expected.add(RoleGolden.layer(layer, "base"), RoleGolden.layer(layer, "instruct"));
    }
    RankCandidatesResponse all = CandidateMessages.message(options, expected.finish());
    assertEquals(all.getCandidatesList().subList(0, 4), response.getCandidatesList());
    assertEquals(15, response.getRankedCount());
    assertEquals(4, response.getSummary().getTotalCandidates());
    assertEquals(response, ClientStreams.answer(rank, messages));
  }

  /** A field that was forgotten would be 0; random entropies leave no 0 in any of them. */
  @Test
  void noFieldIsForgotten() throws Exception {
    RankCandidatesResponse response =
        ClientStreams.answer(rank, List.of(options(unfilled()), pair(1, 1), pair(2, 2)));
    Candidate first = response.getCandidates(0);
    for (var field : Candidate.getDescriptor().getFields()) {
      boolean mayBeZero = field.getName().equals("layer") || field.getName().equals("head");
      assertTrue(mayBeZero || ((Number) first.getField(field)).doubleValue() != 0, field.getName());
    }
    for (var field : response.getSummary().getDescriptorForType().getFields()) {
      boolean mayBeZero = field.getName().startsWith("top_") || field.isRepeated();
      assertTrue(
          mayBeZero || ((Number) response.getSummary().getField(field)).doubleValue() != 0,
          field.getName());
    }
  }

  @Test
  void theKindOfEntropyCanBeChosen() throws Exception {
    RankCandidatesResponse exact =
        ClientStreams.answer(
            rank,
            List.of(options(unfilled().setEntropy(EntropyKind.ENTROPY_KIND_EXACT)), pair(0, 0)));
    RankCandidatesResponse reference =
        ClientStreams.answer(rank, List.of(options(unfilled()), pair(0, 0)));
    assertEquals(EntropyKind.ENTROPY_KIND_EXACT, exact.getOptions().getEntropy());
    assertTrue(
        exact.getCandidates(0).getSelfBaseMedian()
            != reference.getCandidates(0).getSelfBaseMedian());
    ClientStreams.assertRefused(
        rank,
        List.of(options(unfilled().setEntropy(EntropyKind.ENTROPY_KIND_NORM_WEIGHTED)), pair(0, 0)),
        "there is no NORM_WEIGHTED table");
    ClientStreams.assertRefused(
        rank, List.of(options(unfilled().setEntropyValue(99))), "no known kind of entropy");
  }

  @Test
  void whatCannotBeRankedIsRefused() {
    ClientStreams.assertRefused(rank, List.of(), "No options came; send them first");
    ClientStreams.assertRefused(rank, List.of(options(unfilled())), "No layers came");
    ClientStreams.assertRefused(rank, List.of(pair(0, 0)), "A layer came before the options");
    ClientStreams.assertRefused(
        rank, List.of(RankCandidatesRequest.getDefaultInstance()), "A message is empty");
    ClientStreams.assertRefused(
        rank,
        List.of(options(unfilled()), pair(0, 1)),
        "The layer differs between the models at layer 0");
    ClientStreams.assertRefused(
        rank,
        List.of(options(unfilled().clearCategories().addCategories("neutral"))),
        "candidates need at least 2 in each");
    ClientStreams.assertRefused(
        rank, List.of(options(unfilled().setTopK(-1))), "top_k is 4294967295");
  }

  @Test
  void correlationCarriesEveryNumber() {
    CorrelateSeriesResponse response =
        correlate(Map.of("a", new double[] {1, 2, 4, 3}, "b", new double[] {-1, 5, 6}));
    assertEquals(
        List.of("a", "b"), response.getSeriesList().stream().map(s -> s.getName()).toList());
    assertEquals(2.5, response.getSeries(0).getSummary().getMean());
    assertEquals(4, response.getSeries(0).getTotalLayers());
    assertEquals(2, response.getSeries(1).getPositiveCount());
    assertEquals(1, response.getSeries(1).getNegativeCount());
    assertEquals(0, response.getSeries(1).getMostInfluentialLayer());
    assertEquals(5.5, response.getSeries(1).getMeanWithout());
    assertEquals(5.5, response.getSeries(1).getMedianWithout());
    assertTrue(response.getCorrelations(0).getInterpolated());
    assertEquals(3, response.getCorrelations(0).getLayersCompared());
    assertEquals(Math.sqrt(0.75), response.getCorrelations(0).getSpearmanR(), 1e-15);
    Correlation pearson = Correlation.pearson(new double[] {1, 3, 3}, new double[] {-1, 5, 6});
    assertEquals(pearson.r(), response.getCorrelations(0).getPearsonR());
    assertEquals(pearson.pValue(), response.getCorrelations(0).getPearsonP());
    assertEquals(1 / 3.0, response.getCorrelations(0).getSpearmanP(), 1e-12);
    assertEquals(2, response.getVerdict().lines().count());
  }

  @Test
  void seriesThatCannotBeUsedAreRefused() {
    assertRefused("There are no series", Map.of());
    assertRefused("Series a has 2 layers", Map.of("a", new double[] {1, 2}));
    assertRefused("Series a holds NaN", Map.of("a", new double[] {1, Double.NaN, 2}));
  }

  private void assertRefused(String sentence, Map<String, double[]> series) {
    Status status = assertThrows(StatusRuntimeException.class, () -> correlate(series)).getStatus();
    assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), status.toString());
    assertTrue(status.getDescription().contains(sentence), status.getDescription());
  }

  private CorrelateSeriesResponse correlate(Map<String, double[]> series) {
    CorrelateSeriesRequest.Builder request = CorrelateSeriesRequest.newBuilder();
    series.keySet().stream()
        .sorted()
        .forEach(
            name ->
                request.addSeries(
                    LayerSeries.newBuilder()
                        .setName(name)
                        .addAllValues(Arrays.stream(series.get(name)).boxed().toList())));
    return MetricsServiceGrpc.newBlockingStub(server.channel()).correlateSeries(request.build());
  }

  private static org.rolescope.v1.CandidateOptions.Builder unfilled() {
    return org.rolescope.v1.CandidateOptions.newBuilder()
        .addAllCategories(RoleGolden.options().categories())
        .setModelFamily("golden")
        .setTopK(4);
  }

  private static RankCandidatesRequest options(org.rolescope.v1.CandidateOptions.Builder options) {
    return RankCandidatesRequest.newBuilder().setOptions(options).build();
  }

  private static RankCandidatesRequest pair(int base, int instruct) {
    return RankCandidatesRequest.newBuilder()
        .setLayer(
            LayerPair.newBuilder()
                .setBase(EntropyMessages.message(RoleGolden.layer(base, "base")))
                .setInstruct(EntropyMessages.message(RoleGolden.layer(instruct, "instruct"))))
        .build();
  }
}

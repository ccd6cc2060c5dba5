package org.rolescope.metrics.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rolescope.metrics.client.InferenceClient;
import org.rolescope.metrics.role.LayerRoles;
import org.rolescope.metrics.role.RoleEstimator;
import org.rolescope.metrics.role.RoleGolden;
import org.rolescope.metrics.testing.LoopbackServer;
import org.rolescope.rpc.Address;
import org.rolescope.v1.CompareModelsRequest;
import org.rolescope.v1.CompareModelsResponse;
import org.rolescope.v1.ConfoundReport;
import org.rolescope.v1.ControlledIndices;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.HeadRoles;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.LayerPair;
import org.rolescope.v1.MetricsServiceGrpc;
import org.rolescope.v1.MetricsServiceGrpc.MetricsServiceStub;
import org.rolescope.v1.RoleCategories;
import org.rolescope.v1.RoleOptions;
import org.rolescope.v1.SummarizeRolesRequest;
import org.rolescope.v1.SummarizeRolesResponse;

@Timeout(60)
final class RoleStreamsTest {
  private final Address nowhere = Address.inProcess("nowhere");
  private final ManagedChannel unused = nowhere.open();
  private final LoopbackServer server =
      new LoopbackServer(
          new MetricsEndpoint(new InferenceClient(unused, nowhere, 1), Runnable::run));
  private final MetricsServiceStub stub = MetricsServiceGrpc.newStub(server.channel());
  private final Function<
          StreamObserver<SummarizeRolesResponse>, StreamObserver<SummarizeRolesRequest>>
      summarize = stub::summarizeRoles;
  private final Function<
          StreamObserver<CompareModelsResponse>, StreamObserver<CompareModelsRequest>>
      compare = stub::compareModels;

  @AfterEach
  void stop() {
    server.close();
    unused.shutdownNow();
  }

  @Test
  void summaryCarriesEveryNumberAndTheOptions() throws Exception {
    SummarizeRolesResponse response =
        ClientStreams.answer(summarize, List.of(options(), layer(wire(0)), layer(wire(3))));
    assertEquals(filled(), response.getOptions());
    assertEquals(2, response.getLayersCount());
    RoleEstimator estimator = new RoleEstimator(RoleGolden.options());
    LayerRoles expected = estimator.estimate(RoleGolden.layer(3, "base"));
    assertEquals(RoleMessages.message(expected), response.getLayers(1));
    assertEquals(3, response.getLayers(1).getLayer());
    assertTrue(response.getLayers(1).getHeads(0).getDegenerate());
    assertFalse(response.getLayers(0).getUnstable());
    assertEquals(5, response.getLayers(0).getRfc().getReference().getCount());
  }

  @Test
  void contrastCarriesBothModelsAndTheVerdict() throws Exception {
    List<CompareModelsRequest> messages =
        List.of(compareOptions(), pair(wire(0), instruct(0)), pair(wire(1), instruct(1)));
    CompareModelsResponse response = ClientStreams.answer(compare, messages);
    assertEquals(filled(), response.getOptions());
    assertEquals(2, response.getLayersCount());
    assertEquals(
        response.getLayers(0).getInstruct().getRfc().getRatioOfSums().getValue()
            - response.getLayers(0).getBase().getRfc().getRatioOfSums().getValue(),
        response.getLayers(0).getRfc().getRatioOfSums().getValue());
    assertTrue(
        response.getLayers(1).getRsi().getQValue() >= response.getLayers(1).getRsi().getPValue());
    assertEquals(2, response.getRfc().getRatioOfSums().getAbove());
    assertTrue(response.getVerdict().startsWith("RFC from base to instruct"));
    assertEquals(response, ClientStreams.answer(compare, messages));
  }

  @Test
  void summaryCarriesControlsEffectsAndConfounds() throws Exception {
    List<Double> attention = Collections.nCopies(5 * 28 * 3, 0.6);
    LayerEntropies.Builder sent = wire(0).toBuilder();
    sent.addTables(
        sent.getTables(1).toBuilder().setKind(EntropyKind.ENTROPY_KIND_LENGTH_NORMALISED));
    sent.getKeyAttentionBuilder().addAllFirst(attention).addAllLast(attention);
    SummarizeRolesResponse response =
        ClientStreams.answer(summarize, List.of(options(), layer(sent.build())));
    org.rolescope.v1.LayerRoles roles = response.getLayers(0);
    assertEquals(
        List.of(
            EntropyKind.ENTROPY_KIND_REFERENCE,
            EntropyKind.ENTROPY_KIND_EXACT,
            EntropyKind.ENTROPY_KIND_LENGTH_NORMALISED),
        roles.getControlsList().stream().map(ControlledIndices::getKind).toList());
    assertEquals(roles.getRfc().getRatioOfSums(), roles.getControls(1).getRfc());
    assertEquals(roles.getRsi().getRatioOfSums(), roles.getControls(2).getRsi());
    LayerRoles expected =
        new RoleEstimator(RoleGolden.options()).estimate(RoleGolden.layer(0, "base"));
    assertEquals(
        expected.selfAgainstNeutral().hedgesG(), roles.getSelfAgainstNeutral().getHedgesG());
    assertEquals(
        expected.heads().get(2).selfAgainstNeutral().cohensD(),
        roles.getHeads(2).getSelfAgainstNeutral().getCohensD());
    assertEquals(3, roles.getKeyAttention().getFirstCount());
    assertEquals(0, roles.getKeyAttention().getLast(1), 1e-15);
    ConfoundReport confounds = response.getConfounds();
    assertEquals(4, confounds.getLengthsCount());
    assertEquals(0.6, confounds.getLayers(0).getBase().getSinkMass(), 1e-12);
    assertFalse(confounds.getLayers(0).hasInstruct());
    assertTrue(
        confounds.getVerdict().contains("(length-normalised entropy)"), confounds.getVerdict());
    assertTrue(confounds.getVerdict().contains("rests on the first token in layer 0."));
  }

  @Test
  void contrastCarriesControlsAndConfounds() throws Exception {
    List<CompareModelsRequest> messages =
        List.of(compareOptions(), pair(wire(0), instruct(0)), pair(wire(3), instruct(3)));
    CompareModelsResponse response = ClientStreams.answer(compare, messages);
    assertEquals(2, response.getLayers(0).getControlsCount());
    assertEquals(
        response.getLayers(0).getRfc().getRatioOfSums(),
        response.getLayers(0).getControls(1).getRfc());
    ConfoundReport confounds = response.getConfounds();
    assertEquals(
        response.getLayers(1).getBase().getHeadsList().stream()
            .filter(HeadRoles::getDegenerate)
            .map(HeadRoles::getHead)
            .toList(),
        confounds.getLayers(1).getBase().getDegenerateHeadsList());
    assertTrue(confounds.getLayers(1).hasInstruct());
    assertTrue(
        confounds.getVerdict().startsWith("RFC: no layer differs at q < 0.05"),
        confounds.getVerdict());
    assertTrue(
        confounds.getVerdict().contains("stand in layer 3 of base and layer 3 of instruct."),
        confounds.getVerdict());
  }

  @Test
  void entropyOfTheDefaultMustHaveBeenSent() throws Exception {
    RoleOptions sinkExcluded =
        unfilled().toBuilder().setEntropy(EntropyKind.ENTROPY_KIND_SINK_EXCLUDED).build();
    ClientStreams.assertRefused(
        summarize,
        List.of(
            SummarizeRolesRequest.newBuilder().setOptions(sinkExcluded).build(), layer(wire(2))),
        "Layer 2 has no sink-excluded entropy, on which the default estimator is to rest");
    ClientStreams.assertRefused(
        compare,
        List.of(
            CompareModelsRequest.newBuilder().setOptions(sinkExcluded).build(),
            pair(wire(2), instruct(2))),
        "Layer 2 has no sink-excluded entropy");
    assertOptionsRefused(
        RoleOptions.newBuilder().setEntropyValue(77), "a kind of entropy that is not known here");
    RoleOptions reference =
        unfilled().toBuilder().setEntropy(EntropyKind.ENTROPY_KIND_REFERENCE).build();
    SummarizeRolesResponse response =
        ClientStreams.answer(
            summarize,
            List.of(
                SummarizeRolesRequest.newBuilder().setOptions(reference).build(), layer(wire(0))));
    assertEquals(EntropyKind.ENTROPY_KIND_REFERENCE, response.getOptions().getEntropy());
    assertEquals(
        response.getLayers(0).getControls(0).getRfc(),
        response.getLayers(0).getRfc().getRatioOfSums());
  }

  @Test
  void layersMustBeOfOneMeasurement() {
    LayerEntropies.Builder other = wire(1).toBuilder();
    other.setQueryCounts(0, other.getQueryCounts(0) + 1);
    ClientStreams.assertRefused(
        summarize,
        List.of(options(), layer(wire(0)), layer(other.build())),
        "The prompts of layer 1 have other numbers of query positions than those of layer 0");
  }

  @Test
  void orderOfMessagesIsKept() {
    ClientStreams.assertRefused(summarize, List.of(), "No options came; send them first");
    ClientStreams.assertRefused(
        summarize, List.of(layer(wire(0))), "A layer came before the options");
    ClientStreams.assertRefused(summarize, List.of(options()), "No layers came");
    ClientStreams.assertRefused(summarize, List.of(options(), options()), "The options came twice");
    ClientStreams.assertRefused(
        summarize, List.of(options(), layer(wire(1)), layer(wire(1))), "Layer 1 came twice");
    ClientStreams.assertRefused(
        summarize, List.of(SummarizeRolesRequest.getDefaultInstance()), "A message is empty");
    ClientStreams.assertRefused(compare, List.of(compareOptions()), "No layers came");
    ClientStreams.assertRefused(
        compare, List.of(pair(wire(0), wire(0))), "A layer came before the options");
    ClientStreams.assertRefused(
        compare, List.of(CompareModelsRequest.getDefaultInstance()), "A message is empty");
  }

  @Test
  void modelsMustFit() {
    ClientStreams.assertRefused(
        compare,
        List.of(compareOptions(), pair(wire(0), instruct(1))),
        "The layer differs between the models at layer 0 (base 0, instruct 1)");
  }

  static Stream<Arguments> damagedLayers() {
    return Stream.of(
        damaged("20 heads and 28 prompts", layer -> layer.setHeadCount(20)),
        damaged(
            "it has no heads",
            layer ->
                layer.setHeadCount(0).getTablesBuilderList().forEach(table -> table.clearNats())),
        damaged(
            "4 prompts", layer -> layer.clearQueryCounts().addAllQueryCounts(List.of(1, 2, 3, 4))),
        damaged("a query count is 0", layer -> layer.setQueryCounts(2, 0)),
        damaged("the EXACT table is missing", layer -> layer.removeTables(1)),
        damaged("two tables of EXACT", layer -> layer.addTables(layer.getTables(1))),
        damaged(
            "no known kind of entropy",
            layer -> layer.getTablesBuilder(0).setKind(EntropyKind.ENTROPY_KIND_UNSPECIFIED)),
        damaged(
            "NaN nats for head 0 and prompt 1",
            layer -> layer.getTablesBuilder(0).setNats(1, Double.NaN)),
        damaged("-1.0 nats", layer -> layer.getTablesBuilder(1).setNats(0, -1)),
        damaged("Layer 4294967295 is out of range", layer -> layer.setLayer(-1)));
  }

  @ParameterizedTest
  @MethodSource("damagedLayers")
  void damagedLayerIsRefused(String sentence, Consumer<LayerEntropies.Builder> damage) {
    LayerEntropies.Builder layer = wire(0).toBuilder();
    damage.accept(layer);
    ClientStreams.assertRefused(summarize, List.of(options(), layer(layer.build())), sentence);
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertOptionsRefused(
        RoleOptions.newBuilder().addCategories("neutral"),
        "No prompt is in category self_referent");
    assertOptionsRefused(
        RoleOptions.newBuilder().setBootstrapResamples(1_000_001), "ask for 1 to 1000000");
    assertOptionsRefused(RoleOptions.newBuilder().setPermutations(-1), "ask for 1 to 1000000");
    assertOptionsRefused(
        RoleOptions.newBuilder().setSignificanceLevel(2), "give a number between 0 and 1");
    assertOptionsRefused(
        RoleOptions.newBuilder().setUnstableAbove(Double.NaN), "give a number above 0");
    assertOptionsRefused(
        RoleOptions.newBuilder().setRoles(RoleCategories.newBuilder().setSelf("neutral")),
        "cannot be both self and neutral");
  }

  @Test
  void layerMustHaveThePromptsOfTheOptions() {
    SummarizeRolesRequest three =
        SummarizeRolesRequest.newBuilder()
            .setOptions(
                RoleOptions.newBuilder()
                    .addAllCategories(List.of("self_referent", "neutral", "confounder")))
            .build();
    ClientStreams.assertRefused(
        summarize,
        List.of(three, layer(wire(0))),
        "Layer 0 has 28 prompts but the options name 3 categories");
  }

  private void assertOptionsRefused(RoleOptions.Builder options, String sentence) {
    ClientStreams.assertRefused(
        summarize,
        List.of(SummarizeRolesRequest.newBuilder().setOptions(options).build()),
        sentence);
  }

  private static Arguments damaged(String sentence, Consumer<LayerEntropies.Builder> damage) {
    return Arguments.of(sentence, damage);
  }

  private static SummarizeRolesRequest options() {
    return SummarizeRolesRequest.newBuilder().setOptions(unfilled()).build();
  }

  private static CompareModelsRequest compareOptions() {
    return CompareModelsRequest.newBuilder().setOptions(unfilled()).build();
  }

  private static RoleOptions unfilled() {
    return RoleOptions.newBuilder()
        .addAllCategories(RoleGolden.options().categories())
        .setSeed(1)
        .build();
  }

  private static RoleOptions filled() {
    return unfilled().toBuilder()
        .setRoles(
            RoleCategories.newBuilder()
                .setSelf("self_referent")
                .setNeutral("neutral")
                .setConfounder("confounder"))
        .setBootstrapResamples(2000)
        .setPermutations(2000)
        .setDegenerateBelowNats(0.02)
        .setUnstableAbove(0.05)
        .setSignificanceLevel(0.05)
        .setEntropy(EntropyKind.ENTROPY_KIND_EXACT)
        .build();
  }

  private static SummarizeRolesRequest layer(LayerEntropies layer) {
    return SummarizeRolesRequest.newBuilder().setLayer(layer).build();
  }

  private static CompareModelsRequest pair(LayerEntropies base, LayerEntropies instruct) {
    return CompareModelsRequest.newBuilder()
        .setLayer(LayerPair.newBuilder().setBase(base).setInstruct(instruct))
        .build();
  }

  private static LayerEntropies wire(int layer) {
    return EntropyMessages.message(RoleGolden.layer(layer, "base"));
  }

  private static LayerEntropies instruct(int layer) {
    return EntropyMessages.message(RoleGolden.layer(layer, "instruct"));
  }
}

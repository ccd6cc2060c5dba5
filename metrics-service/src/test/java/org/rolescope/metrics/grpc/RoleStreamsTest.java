package org.rolescope.metrics.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
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
import org.rolescope.v1.EntropyKind;
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

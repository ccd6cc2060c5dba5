package org.rolescope.metrics.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.rolescope.metrics.grpc.RoleRequests.compareOptions;
import static org.rolescope.metrics.grpc.RoleRequests.instruct;
import static org.rolescope.metrics.grpc.RoleRequests.layer;
import static org.rolescope.metrics.grpc.RoleRequests.options;
import static org.rolescope.metrics.grpc.RoleRequests.pair;
import static org.rolescope.metrics.grpc.RoleRequests.unfilled;
import static org.rolescope.metrics.grpc.RoleRequests.wire;

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
import org.rolescope.v1.CompareModelsRequest;
import org.rolescope.v1.CompareModelsResponse;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.MetricsServiceGrpc;
import org.rolescope.v1.MetricsServiceGrpc.MetricsServiceStub;
import org.rolescope.v1.RoleCategories;
import org.rolescope.v1.RoleOptions;
import org.rolescope.v1.SummarizeRolesRequest;
import org.rolescope.v1.SummarizeRolesResponse;

/** SummarizeRoles and CompareModels over the wire: what they refuse, and how they say it. */
@Timeout(60)
final class RoleStreamsRefusalTest {
  private final MetricsServer server = MetricsServer.alone();
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
}

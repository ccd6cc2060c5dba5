package org.rolescope.metrics.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rolescope.metrics.grpc.RoleRequests.compareOptions;
import static org.rolescope.metrics.grpc.RoleRequests.filled;
import static org.rolescope.metrics.grpc.RoleRequests.instruct;
import static org.rolescope.metrics.grpc.RoleRequests.layer;
import static org.rolescope.metrics.grpc.RoleRequests.options;
import static org.rolescope.metrics.grpc.RoleRequests.pair;
import static org.rolescope.metrics.grpc.RoleRequests.wire;

import io.grpc.stub.StreamObserver;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rolescope.metrics.role.LayerRoles;
import org.rolescope.metrics.role.RoleEstimator;
import org.rolescope.metrics.role.RoleGolden;
import org.rolescope.v1.CompareModelsRequest;
import org.rolescope.v1.CompareModelsResponse;
import org.rolescope.v1.ConfoundReport;
import org.rolescope.v1.ControlledIndices;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.HeadRoles;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.MetricsServiceGrpc;
import org.rolescope.v1.MetricsServiceGrpc.MetricsServiceStub;
import org.rolescope.v1.SummarizeRolesRequest;
import org.rolescope.v1.SummarizeRolesResponse;

/** SummarizeRoles and CompareModels over the wire: what the answers carry. */
@Timeout(60)
final class RoleStreamsTest {
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
}

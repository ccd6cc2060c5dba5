package org.rolescope.cli.command;

import org.rolescope.cli.services.Connection;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.OrchestratorServiceGrpc;
import org.rolescope.v1.OrchestratorServiceGrpc.OrchestratorServiceBlockingStub;
import org.rolescope.v1.RankCandidatesResponse;
import org.rolescope.v1.RankRunCandidatesRequest;

/**
 * Ranks the heads of a run as candidates for patching.
 *
 * @param connection leads to an orchestrator that has the run
 */
record RankStep(Connection connection) {
  private static final String ORCHESTRATOR = "orchestrator";

  /** All heads of a 70B model take about 2 MB. */
  private static final int MAX_RANKING_BYTES = 64 << 20;

  /**
   * The first heads.
   *
   * @param choice the run
   * @param topK how many
   * @param kind kind of entropy; unspecified: as in the run's own table
   */
  RankCandidatesResponse rank(RunChoice choice, int topK, EntropyKind kind) {
    OrchestratorServiceBlockingStub stub =
        OrchestratorServiceGrpc.newBlockingStub(connection.channel())
            .withMaxInboundMessageSize(MAX_RANKING_BYTES);
    String id = connection.call(ORCHESTRATOR, () -> choice.find(stub));
    RankRunCandidatesRequest request =
        RankRunCandidatesRequest.newBuilder().setRunId(id).setTopK(topK).setEntropy(kind).build();
    return connection.call(ORCHESTRATOR, () -> stub.rankRunCandidates(request)).getRanking();
  }
}

package org.rolescope.cli.command;

import java.util.List;
import org.rolescope.cli.services.Connection;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.plan.AblationNames;
import org.rolescope.v1.AblatedSite;
import org.rolescope.v1.Ablation;
import org.rolescope.v1.AblationMethod;
import org.rolescope.v1.Candidate;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.GetRunRequest;
import org.rolescope.v1.InterventionPlan;
import org.rolescope.v1.NamedIntervention;
import org.rolescope.v1.OrchestratorServiceGrpc;
import org.rolescope.v1.OrchestratorServiceGrpc.OrchestratorServiceBlockingStub;
import org.rolescope.v1.RunPlan;

/**
 * Ablates the candidates of a comparison, each by itself.
 *
 * @param connection leads to an orchestrator that has the run
 * @param topK how many candidates
 * @param method how they are ablated
 */
record CandidateAblations(Connection connection, int topK, AblationMethod method) {
  private static final String ORCHESTRATOR = "orchestrator";

  /** Results grow with layers and heads: those of a 70B model take about 3 MB. */
  private static final int MAX_RESULT_BYTES = 64 << 20;

  /**
   * The plan, on the run's own prompts.
   *
   * @param choice the run
   * @param model the model to ablate; null: the run's instruct model
   */
  InterventionPlan plan(RunChoice choice, String model) {
    OrchestratorServiceBlockingStub stub =
        OrchestratorServiceGrpc.newBlockingStub(connection.channel())
            .withMaxInboundMessageSize(MAX_RESULT_BYTES);
    String id = connection.call(ORCHESTRATOR, () -> choice.find(stub));
    List<NamedIntervention> interventions =
        new RankStep(connection)
                .rank(
                    new RunChoice(id, "", choice.data()),
                    topK,
                    EntropyKind.ENTROPY_KIND_UNSPECIFIED)
                .getCandidatesList()
                .stream()
                .map(this::intervention)
                .toList();
    RunPlan plan =
        connection
            .call(ORCHESTRATOR, () -> stub.getRun(GetRunRequest.newBuilder().setRunId(id).build()))
            .getPlan();
    if (plan.getFamily().isEmpty()) {
      throw new RolescopeException(
          FaultCode.DATA_LOSS,
          "The orchestrator does not tell the plan of run %s; check that all services are of one version"
              .formatted(id));
    }
    return plan(plan, model == null ? plan.getInstructModel() : model, interventions);
  }

  /** Interventions on the prompts of a plan, with its options. */
  static InterventionPlan plan(
      RunPlan prompts, String model, List<NamedIntervention> interventions) {
    return InterventionPlan.newBuilder()
        .setFamily(prompts.getFamily())
        .setModel(model)
        .setPromptSet(prompts.getPromptSet())
        .setOptions(prompts.getOptions())
        .addAllInterventions(interventions)
        .setPromptOptions(prompts.getPromptOptions())
        .setMaxBatchPrompts(prompts.getMaxBatchPrompts())
        .build();
  }

  private NamedIntervention intervention(Candidate candidate) {
    Ablation ablation =
        Ablation.newBuilder()
            .setSite(AblatedSite.ABLATED_SITE_ATTENTION)
            .setLayer(candidate.getLayer())
            .setHead(candidate.getHead())
            .setMethod(method)
            .build();
    return NamedIntervention.newBuilder()
        .setName(AblationNames.folder(ablation))
        .addAblations(ablation)
        .build();
  }
}

package org.rolescope.cli.command;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.rolescope.cli.command.PatchedPairOptions.Models;
import org.rolescope.cli.output.ParityNotice;
import org.rolescope.cli.output.PatchReport;
import org.rolescope.cli.services.Connection;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.client.PromptOptionsMessage;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.GetRunRequest;
import org.rolescope.v1.OrchestratorServiceGrpc;
import org.rolescope.v1.OrchestratorServiceGrpc.OrchestratorServiceBlockingStub;
import org.rolescope.v1.PatchMeasure;
import org.rolescope.v1.PatchPlan;
import org.rolescope.v1.PatchRequest;
import org.rolescope.v1.PatchResponse;
import org.rolescope.v1.PatchResults;
import org.rolescope.v1.PatchingOptions;
import org.rolescope.v1.PromptPair;
import org.rolescope.v1.RunResults;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rolescope patch}. */
@Command(
    name = "patch",
    mixinStandardHelpOptions = true,
    header = "Put activations of one run into another and see what that moves.",
    description = {
      "Both ways: source into target (are these heads enough?) and target into source (are",
      "they needed?). After any interruption the same command goes on."
    },
    footer = {
      "",
      "  rolescope patch --source demo-instruct --target demo-base --sweep",
      "  rolescope patch --model demo-instruct --pairs confounder --heads 2.5,2.5+3.1",
      "  rolescope patch --family demo --top-k 5",
      "  rolescope patch --model demo-instruct --pairs pairs.csv --sweep --site resid_post"
    })
public final class PatchCommand implements Callable<Integer> {
  private static final String ORCHESTRATOR = "orchestrator";

  /** All heads of a 70B model on a hundred pairs take about 15 MB. */
  private static final int MAX_RESULT_BYTES = 64 << 20;

  @Spec private CommandSpec spec;

  @Mixin private PatchedPairOptions pairs;
  @Mixin private PatchedHeadOptions heads;

  @Option(
      names = "--family",
      paramLabel = "NAME",
      description =
          "With --top-k, family of a finished comparison, whose models are patched unless others "
              + "are named: instruct into base. Else a name for the folder (default: the source).")
  private String family;

  @Option(
      names = "--measure",
      paramLabel = "MEASURE",
      description =
          "What patching moves: logit-difference, which needs two answers to each pair, or "
              + "divergence (default: the first where there are answers).")
  private String measure;

  @Option(
      names = "--random-sets",
      paramLabel = "N",
      defaultValue = "200",
      description =
          "Random sets of heads to compare with, for each size (default: ${DEFAULT-VALUE}, or as "
              + "many as there are).")
  private int randomSets;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of bootstrap and random sets (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--resamples",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Bootstrap resamples (default: ${DEFAULT-VALUE}).")
  private int resamples;

  @Option(names = "--one-way", description = "Patch source into target only; no verdict then.")
  private boolean oneWay;

  @Option(
      names = "--accept-wrong",
      description = "Patch even models that verification found WRONG.")
  private boolean acceptWrong;

  @Option(
      names = "--inference",
      paramLabel = "HOST:PORT",
      description = "With --orchestrator and --pairs confounder: its inference service.")
  private String inference;

  @Mixin private PromptOptions promptOptions;
  @Mixin private DataOptions data;
  @Mixin private RunOptions run;

  /** Picocli creates commands. */
  public PatchCommand() {}

  @Override
  public Integer call() {
    heads.check();
    if (randomSets < 1 || resamples < 1) {
      throw invalid("--random-sets and --resamples are counts; give at least 1");
    }
    if (heads.topK() > 0 && family == null) {
      throw invalid("--top-k takes the candidates of a comparison; name its family with --family");
    }
    PatchMeasure chosen = measure();
    try (Connection connection = run.connect(data.folder())) {
      PatchPlan plan = plan(connection, chosen);
      PatchResults results = connection.call(ORCHESTRATOR, () -> follow(connection, plan));
      ParityNotice notice = new ParityNotice(spec.commandLine().getErr());
      notice.print(results.getSourceModel());
      if (!results.getTargetModel().equals(results.getSourceModel())) {
        notice.print(results.getTargetModel());
      }
      new PatchReport(spec.commandLine().getOut()).print(results);
    }
    return 0;
  }

  private PatchPlan plan(Connection connection, PatchMeasure chosen) {
    Models models = heads.topK() > 0 && !pairs.namesModels() ? ofRun(connection) : pairs.models();
    PatchPlan.Builder plan =
        PatchPlan.newBuilder()
            .setFamily(family == null ? models.source() : family)
            .setSourceModel(models.source())
            .setTargetModel(models.target())
            .addAllPairs(pairs(connection, models))
            .setSite(heads.site())
            .setMeasure(chosen)
            .addAllCandidates(heads.candidates())
            .setRandomSets(randomSets)
            .setOptions(PatchingOptions.newBuilder().setSeed(seed).setBootstrapResamples(resamples))
            .setPromptOptions(PromptOptionsMessage.of(promptOptions.options()))
            .setSkipNoising(oneWay)
            .setAcceptWrongParity(acceptWrong);
    if (heads.topK() > 0) {
      plan.addAllCandidates(
          PatchedHeadOptions.candidates(
              new RankStep(connection)
                  .rank(comparison(), heads.topK(), EntropyKind.ENTROPY_KIND_UNSPECIFIED)));
    }
    return plan.build();
  }

  private List<PromptPair> pairs(Connection connection, Models models) {
    List<PromptPair> all = pairs.pairs(models);
    if (!pairs.dependOnTokens()) {
      return all;
    }
    if (run.orchestrator() == null) {
      return equalLengths(connection, all, models);
    }
    if (inference == null) {
      throw invalid(
          "--pairs confounder counts tokens; name the inference service behind %s with --inference"
              .formatted(run.orchestrator()));
    }
    try (Connection counting = Connection.open(inference, data.folder())) {
      return equalLengths(counting, all, models);
    }
  }

  private List<PromptPair> equalLengths(
      Connection connection, List<PromptPair> all, Models models) {
    return new EqualLengths(connection, promptOptions.options())
        .of(all, models.source(), spec.commandLine().getOut());
  }

  /** The models of the comparison whose candidates are patched: instruct into base. */
  private Models ofRun(Connection connection) {
    OrchestratorServiceBlockingStub stub = stub(connection);
    RunResults results =
        connection
            .call(
                ORCHESTRATOR,
                () ->
                    stub.getRun(
                        GetRunRequest.newBuilder().setRunId(comparison().find(stub)).build()))
            .getResults();
    return new Models(results.getInstructModel().getName(), results.getBaseModel().getName());
  }

  private RunChoice comparison() {
    return RunChoice.of(null, family, data.folder());
  }

  private PatchResults follow(Connection connection, PatchPlan plan) {
    Iterator<PatchResponse> told =
        stub(connection)
            .patch(PatchRequest.newBuilder().setPlan(plan).setFresh(run.fresh()).build());
    return new StepStream(spec.commandLine().getErr(), "Patching")
        .last(
            told,
            message ->
                message.hasProgress() ? Optional.of(message.getProgress()) : Optional.empty())
        .getResults();
  }

  private PatchMeasure measure() {
    if (measure == null) {
      return PatchMeasure.PATCH_MEASURE_UNSPECIFIED;
    }
    return switch (measure.toLowerCase(Locale.ROOT).replace('_', '-')) {
      case "logit-difference" -> PatchMeasure.PATCH_MEASURE_LOGIT_DIFFERENCE;
      case "divergence" -> PatchMeasure.PATCH_MEASURE_DIVERGENCE;
      default ->
          throw invalid(
              "--measure %s is no measure; use logit-difference or divergence".formatted(measure));
    };
  }

  private static OrchestratorServiceBlockingStub stub(Connection connection) {
    return OrchestratorServiceGrpc.newBlockingStub(connection.channel())
        .withMaxInboundMessageSize(MAX_RESULT_BYTES);
  }

  private static RolescopeException invalid(String message) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, message);
  }
}

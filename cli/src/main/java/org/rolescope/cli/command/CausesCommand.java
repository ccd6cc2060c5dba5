package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.rolescope.cli.services.Connection;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.v1.OrchestratorServiceGrpc;
import org.rolescope.v1.PatchingOptions;
import org.rolescope.v1.ReportCausesRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rolescope causes}. */
@Command(
    name = "causes",
    mixinStandardHelpOptions = true,
    header = "Ask whether the candidates of a finished comparison cause anything.",
    description = {
      "Ablates and patches them, patches every other head too, and gives each candidate a",
      "verdict. After any interruption the same command goes on."
    },
    footer = {
      "",
      "  rolescope causes --family demo --pairs examples/identity-pairs.json",
      "  rolescope causes --family demo --top-k 5"
    })
public final class CausesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "Id or folder of the run (default: the one comparison of --family).")
  private String choice;

  @Option(
      names = "--family",
      paramLabel = "NAME",
      description = "Family of the run (default: that of RUN).")
  private String family;

  @Option(
      names = "--top-k",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many candidates (default: ${DEFAULT-VALUE}).")
  private int topK;

  @Option(
      names = "--pairs",
      paramLabel = "FILE",
      description =
          "JSON or CSV file with clean, corrupt, answer and wrong_answer: patch between these "
              + "prompts of the instruct model (default: between the models, on the self prompts).")
  private Path pairs;

  @Option(
      names = "--random-sets",
      paramLabel = "N",
      defaultValue = "200",
      description = "Random sets as large as all candidates together (default: ${DEFAULT-VALUE}).")
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

  @Mixin private DataOptions data;
  @Mixin private RunOptions run;

  /** Picocli creates commands. */
  public CausesCommand() {}

  @Override
  public Integer call() {
    if (topK < 1 || randomSets < 1 || resamples < 1) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "--top-k, --random-sets and --resamples are counts; give at least 1");
    }
    ReportCausesRequest.Builder request =
        ReportCausesRequest.newBuilder()
            .setTopK(topK)
            .addAllPairs(pairs == null ? List.of() : PatchedPairOptions.read(pairs))
            .setOptions(PatchingOptions.newBuilder().setSeed(seed).setBootstrapResamples(resamples))
            .setRandomSets(randomSets)
            .setFresh(run.fresh());
    RunChoice chosen = RunChoice.of(choice, family, data.folder());
    PrintWriter out = spec.commandLine().getOut();
    try (Connection connection = run.connect(chosen.data())) {
      request.setRunId(
          connection.call(
              "orchestrator",
              () -> chosen.find(OrchestratorServiceGrpc.newBlockingStub(connection.channel()))));
      new CausesStep(out, spec.commandLine().getErr()).report(connection, request.build());
    }
    return 0;
  }
}

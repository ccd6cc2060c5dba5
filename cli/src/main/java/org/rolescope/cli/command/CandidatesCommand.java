package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.rolescope.cli.output.CandidateReport;
import org.rolescope.cli.services.Connection;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.artifacts.CandidateSummaryJson;
import org.rolescope.orchestrator.artifacts.CandidateTable;
import org.rolescope.orchestrator.runstore.AtomicFiles;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.RankCandidatesResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rolescope candidates}. */
@Command(
    name = "candidates",
    mixinStandardHelpOptions = true,
    header = "Rank the heads of a finished comparison as candidates for patching.",
    description = {
      "By the published study's robust difference-in-differences; nothing is measured again.",
      "Writes patching_candidates_{family}.csv and patching_summary_{family}.json."
    })
public final class CandidatesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "Id or folder of the run (default: the one comparison of --family).")
  private String run;

  @Option(
      names = "--family",
      paramLabel = "NAME",
      description = "Family of the run (default: that of RUN).")
  private String family;

  @Option(
      names = "--top-k",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many heads to give (default: ${DEFAULT-VALUE}).")
  private int topK;

  @Option(
      names = "--entropy",
      paramLabel = "KIND",
      defaultValue = "reference",
      description =
          "Kind of entropy, as far as the run measured it: reference, exact, length_normalised, "
              + "sink_excluded, position_matched or norm_weighted (default: ${DEFAULT-VALUE}).")
  private String entropy;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Folder for both files (default: the current one).")
  private Path out;

  @Option(
      names = "--orchestrator",
      paramLabel = "HOST:PORT",
      description = "Ask this orchestrator, which has the run (default: the runs below --data).")
  private String orchestrator;

  @Mixin private DataOptions data;

  /** Picocli creates commands. */
  public CandidatesCommand() {}

  @Override
  public Integer call() {
    if (topK < 1) {
      throw invalid("--top-k is %d; give at least 1".formatted(topK));
    }
    EntropyKind kind = kind();
    RunChoice choice = RunChoice.of(run, family, data.folder());
    RankCandidatesResponse ranking;
    try (Connection connection = Connection.open(orchestrator, choice.data())) {
      ranking = new RankStep(connection).rank(choice, topK, kind);
    }
    PrintWriter writer = spec.commandLine().getOut();
    new CandidateReport(writer).print(ranking);
    write(ranking, writer);
    return 0;
  }

  private void write(RankCandidatesResponse ranking, PrintWriter writer) {
    String name = ranking.getOptions().getModelFamily();
    Path table = out.resolve("patching_candidates_" + name + ".csv");
    Path summary = out.resolve("patching_summary_" + name + ".json");
    AtomicFiles.write(
        table.toAbsolutePath().normalize(), stream -> CandidateTable.write(stream, ranking));
    AtomicFiles.write(
        summary.toAbsolutePath().normalize(),
        stream -> CandidateSummaryJson.write(stream, ranking));
    writer.printf("Wrote %s and %s%n", table.normalize(), summary.normalize());
    writer.flush();
  }

  private EntropyKind kind() {
    String name = "ENTROPY_KIND_" + entropy.toUpperCase(Locale.ROOT).replace('-', '_');
    for (EntropyKind kind : EntropyKind.values()) {
      if (kind.name().equals(name) && kind != EntropyKind.ENTROPY_KIND_UNSPECIFIED) {
        return kind;
      }
    }
    throw invalid(
        "--entropy %s is no kind of entropy; use one of those --help lists".formatted(entropy));
  }

  private static RolescopeException invalid(String message) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, message);
  }
}

package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.rolescope.cli.output.CorrelationReport;
import org.rolescope.cli.output.ReproductionReport;
import org.rolescope.cli.study.CorrelateCall;
import org.rolescope.cli.study.Figure;
import org.rolescope.cli.study.PublishedStudy;
import org.rolescope.cli.study.Reanalysis;
import org.rolescope.cli.study.Reproduction;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.v1.CorrelateSeriesResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rolescope reproduce}. */
@Command(
    name = "reproduce",
    mixinStandardHelpOptions = true,
    header = "Recompute the published study's results from its tables.",
    description = {
      "Sets every published figure beside ours, and says what the tables hide.",
      "Exit code 1 where a figure differs by more than 1e-9 of its size."
    })
public final class ReproduceCommand implements Callable<Integer> {
  private static final int DIFFERS = 1;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      description =
          "Folder with comparison_{llama,mistral,qwen,qwen_30prompts}.csv, "
              + "cross_model_analysis_results.json and prompts.json (default: those shipped).")
  private Path folder;

  @Option(
      names = "--metrics",
      paramLabel = "HOST:PORT",
      description = "Let this metrics service compute (default: one in this process).")
  private String metrics;

  /** Picocli creates commands. */
  public ReproduceCommand() {}

  @Override
  public Integer call() {
    PublishedStudy study = PublishedStudy.read(folder());
    CorrelateSeriesResponse ours = CorrelateCall.of(study.differences(), metrics);
    List<Figure> figures = Reproduction.figures(study, ours);
    List<String> paragraphs = new Reanalysis(study, ours).paragraphs();
    PrintWriter out = spec.commandLine().getOut();
    ReproductionReport report = new ReproductionReport(out);
    report.printFigures(figures);
    new CorrelationReport(out).printTables("rfc_diff", ours);
    report.printReanalysis(paragraphs);
    return figures.stream().allMatch(Figure::agrees) ? 0 : DIFFERS;
  }

  private Path folder() {
    Path chosen =
        folder == null
            ? Path.of(System.getProperty("rolescope.home", "."))
                .resolve("examples")
                .resolve("published")
            : folder;
    if (!Files.isDirectory(chosen)) {
      throw new RolescopeException(
          FaultCode.NOT_FOUND,
          "There is no folder %s; name the one with the published tables".formatted(chosen));
    }
    return chosen;
  }
}

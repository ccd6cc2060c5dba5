package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.rolescope.cli.output.CorrelationReport;
import org.rolescope.cli.study.CorrelateCall;
import org.rolescope.cli.study.CrossModelResults;
import org.rolescope.cli.study.LayerTable;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.json.Json;
import org.rolescope.orchestrator.runstore.AtomicFiles;
import org.rolescope.v1.CorrelateSeriesResponse;
import org.rolescope.v1.LayerSeries;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rolescope correlate}. */
@Command(
    name = "correlate",
    mixinStandardHelpOptions = true,
    header = "Correlate the layers of several model families.",
    description = {
      "Reads tables with a row a layer, such as detailed_comparison.csv of a run, describes one",
      "column of each, and correlates every two. Families with unequal numbers of layers are",
      "compared at equal relative depth, by linear interpolation."
    })
public final class CorrelateCommand implements Callable<Integer> {
  private static final String JOIN = "_vs_";

  @Spec private CommandSpec spec;

  @Option(
      names = "--table",
      paramLabel = "NAME=FILE",
      required = true,
      description = "Name of a family and its table (CSV). Give it once for each family.")
  private List<String> tables;

  @Option(
      names = "--column",
      paramLabel = "NAME",
      defaultValue = "rfc_diff",
      description = "Column to correlate (default: ${DEFAULT-VALUE}).")
  private String column;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "cross_model_analysis_results.json",
      description = "Where the results go (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--metrics",
      paramLabel = "HOST:PORT",
      description = "Let this metrics service compute (default: one in this process).")
  private String metrics;

  /** Picocli creates commands. */
  public CorrelateCommand() {}

  @Override
  public Integer call() {
    Path file = out.toAbsolutePath().normalize();
    if (Files.isDirectory(file)) {
      throw invalid("--out %s is a folder; name a file".formatted(out));
    }
    List<LayerSeries> series = tables.stream().map(this::series).toList();
    CorrelateSeriesResponse response = CorrelateCall.of(series, metrics);
    AtomicFiles.write(file, stream -> Json.pretty(stream, CrossModelResults.of(response)));
    PrintWriter writer = spec.commandLine().getOut();
    new CorrelationReport(writer).print(column, response);
    writer.printf("Wrote %s%n", out);
    writer.flush();
    return 0;
  }

  private LayerSeries series(String table) {
    int separator = table.indexOf('=');
    if (separator < 1 || separator == table.length() - 1) {
      throw invalid(
          "--table %s names no table; write it as NAME=FILE, for example llama=llama.csv"
              .formatted(table));
    }
    String name = table.substring(0, separator);
    if (name.contains(JOIN)) {
      throw invalid(
          "The name %s contains %s, which joins two names in the results; choose another"
              .formatted(name, JOIN));
    }
    return LayerTable.read(Path.of(table.substring(separator + 1))).series(name, column);
  }

  private static RolescopeException invalid(String message) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, message);
  }
}

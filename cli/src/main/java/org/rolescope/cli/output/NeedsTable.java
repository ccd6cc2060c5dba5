package org.rolescope.cli.output;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.rolescope.cli.family.Machine;
import org.rolescope.cli.family.ModelNeeds;
import org.rolescope.cli.family.Workload;
import org.rolescope.export.file.ByteSize;

/** What a run will download and need, as a table before it starts. */
public final class NeedsTable {
  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;
  private static final double GIGA = 1e9;

  private final PrintWriter out;

  /** Prints to this writer. */
  public NeedsTable(PrintWriter out) {
    this.out = out;
  }

  /**
   * Prints the table and what its estimates rest on.
   *
   * @param freeBytes what is free on the disk the results go to
   */
  public void print(List<ModelNeeds> models, Workload work, Machine machine, long freeBytes) {
    out.println(
        AsciiTable.builder()
            .border(Tables.BORDER)
            .data(
                models,
                List.of(
                    Tables.left("Model").with(needs -> needs.model().name()),
                    Tables.left("Source").with(needs -> needs.model().source().text()),
                    new Column()
                        .header("Parameters")
                        .with(needs -> Tables.grouped(needs.model().dimensions().parameterCount())),
                    new Column()
                        .header("Files there")
                        .with(needs -> bytes(needs.model().presentBytes())),
                    new Column()
                        .header("To download")
                        .with(needs -> bytes(needs.model().missingBytes())),
                    new Column().header("Bundle").with(needs -> bytes(needs.bundleBytes())),
                    new Column().header("Results").with(needs -> bytes(needs.resultBytes())),
                    new Column().header("Memory").with(needs -> bytes(needs.memoryBytes())),
                    new Column().header("Time").with(needs -> time(needs.seconds()))))
            .asString());
    total(models, freeBytes);
    basis(work, machine);
    out.println();
    out.flush();
  }

  private void total(List<ModelNeeds> models, long freeBytes) {
    long missingBytes = models.stream().mapToLong(needs -> needs.model().missingBytes()).sum();
    out.printf(
        "In all: %s to download, %s on disk beside that (%s free), and %s without the download.%n",
        missingBytes == 0 ? "nothing" : bytes(missingBytes),
        bytes(models.stream().mapToLong(needs -> needs.bundleBytes() + needs.resultBytes()).sum()),
        bytes(freeBytes),
        time(models.stream().mapToDouble(ModelNeeds::seconds).sum()));
  }

  private void basis(Workload work, Machine machine) {
    out.printf(
        Locale.ROOT,
        "Times are estimates: 2 operations a parameter and token, about %d tokens in %d prompts (4 characters a token)%s;%n",
        work.tokenCount(),
        work.promptCount(),
        work.keepsPatterns() ? ", twice because the patterns are kept" : "");
    out.printf(
        Locale.ROOT,
        "%.0f billion operations a second on each of %d processors%s, as measured on cores with AVX-512%n",
        ModelNeeds.ANALYSIS_RATE / GIGA,
        machine.coreCount(),
        work.verifiedTokenCount() > 0
            ? String.format(
                Locale.ROOT,
                " (%.0f in verification, over %d tokens)",
                ModelNeeds.VERIFICATION_RATE / GIGA,
                work.verifiedTokenCount())
            : "");
    out.printf(
        "(docs/performance.md); reading weights from a slow disk comes on top. Memory: up to %s of weights stay loaded.%n",
        bytes(machine.weightBudgetBytes()));
  }

  private static String bytes(long bytes) {
    return bytes == 0 ? "-" : ByteSize.text(bytes);
  }

  private static String time(double seconds) {
    if (seconds < MINUTE) {
      return "under a minute";
    }
    return seconds < HOUR
        ? String.format(Locale.ROOT, "about %.0f min", seconds / MINUTE)
        : String.format(Locale.ROOT, "about %.1f h", seconds / HOUR);
  }
}

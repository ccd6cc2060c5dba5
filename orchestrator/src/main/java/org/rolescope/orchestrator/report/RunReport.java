package org.rolescope.orchestrator.report;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rolescope.orchestrator.runstore.AtomicFiles;

/** The report on a finished run: {@code report.md}, and {@code report.html} made from it. */
public final class RunReport {
  private final FinishedRun run;
  private final Path folder;
  private final ReportTemplates templates = new ReportTemplates();

  /**
   * Reports on a run.
   *
   * @param folder where the report will lie; links to the run's files lead from there
   */
  public RunReport(FinishedRun run, Path folder) {
    this.run = requireNonNull(run, "run is null");
    this.folder = requireNonNull(folder, "folder is null");
  }

  /** The report as Markdown. */
  public String markdown() {
    return templates.markdown("report.md", content());
  }

  /** The report as a page of HTML that needs no other file. */
  public String html() {
    return templates.html(title(), markdown());
  }

  /**
   * Writes both.
   *
   * @return the files
   * @throws org.rolescope.fault.RolescopeException RESOURCE_EXHAUSTED where the disk does not take
   *     them
   */
  public List<Path> write() {
    Path markdown = folder.resolve("report.md");
    Path html = folder.resolve("report.html");
    write(markdown, markdown());
    write(html, html());
    return List.of(markdown, html);
  }

  private static void write(Path file, String text) {
    AtomicFiles.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private String title() {
    return "Rolescope report: " + run.run().plan().family();
  }

  private Map<String, Object> content() {
    Map<String, Object> content = new HashMap<>();
    content.put("title", title());
    content.put("id", run.run().id().text());
    content.put("compares", run.compares());
    content.put("resamples", run.options().getBootstrapResamples());
    content.put("permutations", run.options().getPermutations());
    content.put("level", Double.toString(run.options().getSignificanceLevel()));
    content.put("facts", RunFacts.of(run));
    content.put("verdict", Verdict.paragraphs(run));
    content.put("stability", Verdict.stability(run));
    content.put("indices", LayerSection.of(run));
    content.put("confounds", ConfoundSection.of(run).orElse(null));
    content.put("heads", HeadSection.of(run));
    content.put("headCount", HeadSection.SHOWN);
    content.put("links", Links.of(run, folder));
    return content;
  }
}

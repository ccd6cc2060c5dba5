package org.rolescope.orchestrator.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.plan.PromptCategory;
import org.rolescope.orchestrator.plan.PromptSet;
import org.rolescope.orchestrator.plan.RunPlan;
import org.rolescope.orchestrator.testing.Bench;
import org.rolescope.orchestrator.testing.Plans;
import org.rolescope.v1.CategoryLengths;
import org.rolescope.v1.CompareModelsResponse;
import org.rolescope.v1.ConfoundReport;
import org.rolescope.v1.ControlledIndices;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.Estimate;
import org.rolescope.v1.LayerConfounds;
import org.rolescope.v1.LengthBalance;
import org.rolescope.v1.ModelConfounds;
import org.rolescope.v1.RunResults;

final class RunReportTest {
  private static final String HOSTILE = "<img src=x onerror=alert(1)> | [a](javascript:b)\n# c";

  @TempDir private Path root;

  @Test
  void tellsOfEverythingAComparisonFound() {
    FinishedRun run = finished(Plans.comparing());
    String report = report(run);
    assertTrue(report.startsWith("# Rolescope report: tiny\n\nRun " + run.run().id()), report);
    for (String expected :
        List.of(
            "\nmade up\n",
            "\nLayer 1 is unstable: heads with less than 0.02 nats",
            "| base | tiny-base |",
            "- Digest of tiny-instruct: " + "c".repeat(64),
            "Model tiny-base was not verified against its checkpoint.",
            "Prompt set two-each, digest ",
            "| self_referent | self | 2 |",
            "| third_person |  | 2 |",
            "| Seed | 7 |",
            "## RFC by layer",
            "## RSI by layer",
            "| 1 ! | ",
            "## Heads",
            "### instruct",
            "- [tables/heads.parquet](./tables/heads.parquet)",
            "Beside them lie 6 archives")) {
      assertTrue(report.contains(expected), () -> expected + " is not in\n" + report);
    }
    assertFalse(report.contains("What else could explain it"), "confounds are not known");
    assertFalse(report.contains("under controls"), "nothing was controlled");
    assertFalse(report.contains(root.toString()), "no path of this machine");
  }

  @Test
  void tellsOfOneModel() {
    String report = report(finished(Plans.single()));
    assertTrue(report.contains("One model was measured, so nothing is compared."), report);
    assertTrue(report.contains("| single | tiny-base |"), report);
    assertFalse(report.contains("instruct"), report);
    assertFalse(report.contains("asterisk"), report);
  }

  @Test
  void showsConfoundsAndControlsWhereTheyAreKnown() {
    String report = report(withConfounds(finished(Plans.comparing())));
    for (String expected :
        List.of(
            "Nothing survives.",
            "## What else could explain it",
            "Prompts of self_referent have",
            "-0.93 tokens compared with neutral (Mann-Whitney p = 0.0189): not balanced.",
            "| neutral | 2 | 8.10 | 5 | 12 |",
            "| 2 | 0.6250 | 0, 3 | – |  |",
            "### RFC under controls",
            "| Layer | exact | length normalised |",
            "| 0 | +0.5000 (+0.0000, +0.0000) | +0.2500 (+0.0000, +0.0000) |")) {
      assertTrue(report.contains(expected), () -> expected + " is not in\n" + report);
    }
  }

  @Test
  void namesCannotBringMarkupIn() {
    PromptSet prompts =
        new PromptSet(
            HOSTILE,
            Plans.prompts().categories().stream()
                .map(
                    each ->
                        each.name().equals("third_person")
                            ? new PromptCategory("<script>alert(2)</script>|", each.prompts())
                            : each)
                .toList());
    FinishedRun run = finished(Plans.plan(Optional.of("tiny-instruct"), prompts, true));
    String html = new RunReport(run, run.folder().path()).html();
    assertFalse(html.contains("<script"), html);
    assertFalse(html.contains("<img"), html);
    assertFalse(html.contains("href=\"javascript"), html);
    assertFalse(html.contains("<h1>c"), html);
    assertTrue(html.contains("&lt;img src=x onerror=alert(1)&gt; | [a](javascript:b) # c"), html);
    assertTrue(
        html.contains("<td align=\"left\">&lt;script&gt;alert(2)&lt;/script&gt;|</td>"), html);
  }

  @Test
  void thePageNeedsNothingElse() {
    FinishedRun run = finished(Plans.comparing());
    String html = new RunReport(run, run.folder().path()).html();
    assertTrue(html.startsWith("<!DOCTYPE html>"), html);
    assertFalse(html.contains("http:") || html.contains("https:"), html);
    assertFalse(html.contains("src=") || html.contains("url(") || html.contains("@import"), html);
    assertEquals(8 + 2, html.split("<table>").length);
    assertTrue(html.contains("default-src 'none'"), html);
  }

  @Test
  void equalRunsGiveEqualBytesAndLinksFollowTheFolder() throws IOException {
    FinishedRun run = finished(Plans.comparing());
    Path folder = run.folder().path();
    List<Path> files = new RunReport(run, folder).write();
    String first = Files.readString(files.get(0)) + Files.readString(files.get(1));
    new RunReport(FinishedRun.read(folder), folder).write();
    assertEquals(first, Files.readString(files.get(0)) + Files.readString(files.get(1)));
    Path elsewhere = folder.resolve("../of (mine)/ä").normalize();
    String moved = new RunReport(run, elsewhere).markdown();
    assertTrue(moved.contains("](./../../" + run.run().id() + "/results.json)"), moved);
    String inside = new RunReport(run, folder.resolve("a")).html();
    assertTrue(inside.contains("href=\"./../results.json\""), inside);
  }

  @Test
  void refusesWhatIsNoFinishedRun() throws IOException {
    RolescopeException none =
        assertThrows(RolescopeException.class, () -> FinishedRun.read(root.resolve("nowhere")));
    assertEquals(FaultCode.NOT_FOUND, none.code());
    FinishedRun run = finished(Plans.comparing());
    Files.writeString(run.folder().results(), "{");
    RolescopeException damaged =
        assertThrows(RolescopeException.class, () -> FinishedRun.read(run.folder().path()));
    assertEquals(FaultCode.DATA_LOSS, damaged.code());
    Files.delete(run.folder().results());
    RolescopeException unfinished =
        assertThrows(RolescopeException.class, () -> FinishedRun.read(run.folder().path()));
    assertEquals(FaultCode.NOT_FOUND, unfinished.code());
    assertTrue(unfinished.getMessage().contains("is not complete"), unfinished.getMessage());
  }

  private FinishedRun finished(RunPlan plan) {
    try (Bench bench = new Bench(root)) {
      return FinishedRun.read(bench.finish(plan).folder());
    }
  }

  private static String report(FinishedRun run) {
    return new RunReport(run, run.folder().path()).markdown();
  }

  private static FinishedRun withConfounds(FinishedRun run) {
    CompareModelsResponse.Builder comparison = run.results().getComparison().toBuilder();
    comparison.getOptionsBuilder().getRolesBuilder().setSelf("self_referent").setNeutral("neutral");
    comparison
        .getLayersBuilder(0)
        .addControls(control(EntropyKind.ENTROPY_KIND_EXACT, 0.5))
        .addControls(control(EntropyKind.ENTROPY_KIND_LENGTH_NORMALISED, 0.25));
    comparison.setConfounds(
        ConfoundReport.newBuilder()
            .setVerdict("Nothing survives.")
            .setRfcBalance(LengthBalance.newBuilder().setDifferenceTokens(-0.93).setPValue(0.0189))
            .addLengths(
                CategoryLengths.newBuilder()
                    .setCategory("neutral")
                    .setPromptCount(2)
                    .setMeanTokens(8.1)
                    .setMinTokens(5)
                    .setMaxTokens(12))
            .addLayers(
                LayerConfounds.newBuilder()
                    .setLayer(2)
                    .setBase(
                        ModelConfounds.newBuilder()
                            .setSinkMass(0.625)
                            .addAllDegenerateHeads(List.of(0, 3)))
                    .setInstruct(ModelConfounds.newBuilder().setSinkMass(Double.NaN))));
    RunResults results = run.results().toBuilder().setComparison(comparison).build();
    return new FinishedRun(run.run(), run.folder(), results, run.software());
  }

  private static ControlledIndices control(EntropyKind kind, double value) {
    return ControlledIndices.newBuilder()
        .setKind(kind)
        .setRfc(Estimate.newBuilder().setValue(value))
        .setRsi(Estimate.newBuilder().setValue(value))
        .build();
  }
}

package org.rolescope.cli.output;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.rolescope.v1.CausalVerdict;
import org.rolescope.v1.NullRecovery;
import org.rolescope.v1.PatchMeasure;
import org.rolescope.v1.PatchPlan;
import org.rolescope.v1.PatchResults;
import org.rolescope.v1.PatchSite;
import org.rolescope.v1.PatchingScore;

/** What patching found, as tables and sentences. */
public final class PatchReport {
  /** Of a sweep, the table shows so many places; the files have all. */
  private static final int SWEEP_ROWS = 10;

  private final PrintWriter out;

  /** Prints to this writer. */
  public PatchReport(PrintWriter out) {
    this.out = out;
  }

  /** Prints everything. */
  public void print(PatchResults results) {
    PatchPlan plan = results.getPlan();
    boolean sweep = plan.getCandidatesCount() == 0;
    out.println();
    out.printf(
        "%s of %s put into %s, %d pairs of prompts%s%n",
        site(plan.getSite()),
        plan.getSourceModel(),
        plan.getTargetModel().equals(plan.getSourceModel()) ? "itself" : plan.getTargetModel(),
        plan.getPairsCount(),
        plan.getSkipNoising() ? "" : ", and the other way round");
    if (sweep) {
      new RecoveryMap(out).print(results);
    }
    table(results, sweep);
    note(results, sweep);
    undefined(results);
    cost(results);
    out.println();
    out.printf("Patching %s%nArtifacts in %s:%n", results.getId(), results.getFolder());
    results.getArtifactsList().forEach(artifact -> out.println("  " + artifact));
    out.flush();
  }

  private void table(PatchResults results, boolean sweep) {
    List<PatchingScore> all = results.getScores().getScoresList();
    List<PatchingScore> shown =
        all.stream()
            .sorted(Comparator.comparingDouble(PatchReport::size).reversed())
            .limit(sweep ? SWEEP_ROWS : all.size())
            .toList();
    boolean layers = isOfLayer(results.getPlan().getSite());
    List<ColumnData<PatchingScore>> columns = new ArrayList<>();
    columns.add(Tables.left(layers ? "Layers" : "Heads").with(score -> places(score, layers)));
    columns.add(
        column(
            "denoising [95% CI]",
            score -> Tables.withInterval(score.getDenoising().getRecovery())));
    if (results.hasNoising()) {
      columns.add(
          column(
              "noising [95% CI]", score -> Tables.withInterval(score.getNoising().getRecovery())));
    }
    if (!sweep) {
      columns.add(column("q", score -> Tables.probability(score.getDenoising().getQValue())));
      if (results.hasNoising()) {
        columns.add(
            column("q noising", score -> Tables.probability(score.getNoising().getQValue())));
      }
      columns.add(Tables.left("verdict").with(score -> verdict(score.getVerdict())));
    }
    if (shown.size() < all.size()) {
      out.printf("The %d of %d with the largest recovery%n", shown.size(), all.size());
    }
    out.println(AsciiTable.builder().border(Tables.BORDER).data(shown, columns).asString());
  }

  private void note(PatchResults results, boolean sweep) {
    out.printf(
        "Recovery: the share of the way from one run to the other; 0 is no effect, 1 all of it. Measure: %s.%n",
        results.getPlan().getMeasure() == PatchMeasure.PATCH_MEASURE_LOGIT_DIFFERENCE
            ? "logit of the answer minus that of the wrong answer"
            : "minus the divergence of the next token from the run patched from");
    out.println(
        "Denoising: source into target, is it enough? Noising: target into source, is it needed?");
    if (sweep) {
      out.println(
          "A sweep compares with no random heads, so it gives no verdicts: patch what stands out with --heads.");
    } else {
      out.printf(
          "q: against %s, Benjamini-Hochberg over %d candidates; seed %s.%n",
          results.getNullRecoveriesList().isEmpty()
              ? "nothing, as no other heads are left"
              : results.getNullRecoveriesList().stream()
                  .map(PatchReport::random)
                  .collect(Collectors.joining(" and ")),
          results.getScores().getScoresCount(),
          Long.toUnsignedString(results.getPlan().getOptions().getSeed()));
    }
  }

  /** Pairs whose runs do not differ have no recovery; that must not look like no effect. */
  private void undefined(PatchResults results) {
    if (results.getScores().getScoresCount() == 0) {
      return;
    }
    int pairs = results.getPlan().getPairsCount();
    PatchingScore any = results.getScores().getScores(0);
    int missing = pairs - any.getDenoising().getDefinedCount();
    if (missing > 0) {
      out.printf(
          "%d of %d pairs have no recovery: their runs differ by less than 1e-6.%n",
          missing, pairs);
    }
  }

  private void cost(PatchResults results) {
    if (results.getForwardPasses() == 0) {
      out.println("Nothing was run: all was kept from an earlier call (--fresh patches again).");
      return;
    }
    int directions = results.hasNoising() ? 2 : 1;
    long patches =
        results.getScores().getScoresCount()
            + results.getNullRecoveriesList().stream()
                .mapToLong(NullRecovery::getDenoisingCount)
                .sum();
    out.printf(
        Locale.ROOT,
        "Cost: %.1f forward passes of all pairs, for %d patches and the runs without one.%n",
        results.getForwardPasses(),
        patches * directions);
  }

  private static double size(PatchingScore score) {
    double recovery = Math.abs(score.getDenoising().getRecovery().getValue());
    return Double.isNaN(recovery) ? -1 : recovery;
  }

  static boolean isOfLayer(PatchSite site) {
    return site == PatchSite.PATCH_SITE_MLP_OUT || site == PatchSite.PATCH_SITE_RESID_POST;
  }

  private static String places(PatchingScore score, boolean layers) {
    return score.getHeadsList().stream()
        .map(site -> layers ? "" + site.getLayer() : site.getLayer() + "." + site.getHead())
        .collect(Collectors.joining("+"));
  }

  private static String random(NullRecovery recovery) {
    return "%d random sets of %d".formatted(recovery.getDenoisingCount(), recovery.getSetSize());
  }

  private static String site(PatchSite site) {
    return switch (site) {
      case PATCH_SITE_Z, PATCH_SITE_UNSPECIFIED, UNRECOGNIZED -> "Outputs of heads (z)";
      case PATCH_SITE_PATTERN -> "Attention patterns";
      case PATCH_SITE_MLP_OUT -> "Outputs of MLPs";
      case PATCH_SITE_RESID_POST -> "Residual streams";
    };
  }

  private static String verdict(CausalVerdict verdict) {
    return verdict
        .name()
        .replaceFirst("^CAUSAL_VERDICT_", "")
        .toLowerCase(Locale.ROOT)
        .replace('_', ' ');
  }

  private static ColumnData<PatchingScore> column(
      String header, Function<PatchingScore, String> cell) {
    return new Column().header(header).with(cell);
  }
}

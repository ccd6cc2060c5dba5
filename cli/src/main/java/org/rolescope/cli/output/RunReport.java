package org.rolescope.cli.output;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.rolescope.v1.CompareModelsResponse;
import org.rolescope.v1.ConfoundReport;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.GetRunResponse;
import org.rolescope.v1.IndexDifference;
import org.rolescope.v1.LayerContrast;
import org.rolescope.v1.LayerIndex;
import org.rolescope.v1.LayerRoles;
import org.rolescope.v1.RoleOptions;
import org.rolescope.v1.RunResults;
import org.rolescope.v1.SummarizeRolesResponse;

/** What a run found, as tables and sentences. */
public final class RunReport {
  private final PrintWriter out;

  /** Prints to this writer. */
  public RunReport(PrintWriter out) {
    this.out = out;
  }

  /** Prints a complete run. */
  public void print(GetRunResponse response) {
    RunResults results = response.getResults();
    out.println();
    if (results.hasComparison()) {
      CompareModelsResponse comparison = results.getComparison();
      contrastTable(
          "RFC, role focus coefficient (1 - H_self/H_neutral)",
          comparison,
          LayerRoles::getRfc,
          LayerContrast::getRfc);
      if (hasRsi(comparison.getLayersList(), LayerContrast::getBase)) {
        contrastTable(
            "RSI, role separation index ((H_confounder - H_self)/H_neutral)",
            comparison,
            LayerRoles::getRsi,
            LayerContrast::getRsi);
      }
      note(comparison.getOptions(), true);
      out.println(comparison.getVerdict());
      confounds(comparison.getConfounds());
    } else {
      SummarizeRolesResponse roles = results.getRoles();
      rolesTable(roles.getLayersList());
      note(roles.getOptions(), false);
      unstable(roles);
      confounds(roles.getConfounds());
    }
    Quantisation.sentences(results).forEach(out::println);
    out.println();
    out.printf(
        "Run %s%nArtifacts in %s:%n", response.getRun().getId(), response.getRun().getFolder());
    artifacts(results.getArtifactsList());
    out.flush();
  }

  private void contrastTable(
      String title,
      CompareModelsResponse comparison,
      Function<LayerRoles, LayerIndex> index,
      Function<LayerContrast, IndexDifference> difference) {
    out.println(title);
    out.println(
        AsciiTable.builder()
            .border(Tables.BORDER)
            .data(
                comparison.getLayersList(),
                List.of(
                    column(
                        "Layer", layer -> "" + layer.getLayer() + (layer.getUnstable() ? "!" : "")),
                    column("base [95% CI]", layer -> ours(index.apply(layer.getBase()))),
                    column("instruct [95% CI]", layer -> ours(index.apply(layer.getInstruct()))),
                    column(
                        "difference [95% CI]",
                        layer -> Tables.withInterval(difference.apply(layer).getRatioOfSums())),
                    column("q", layer -> q(difference.apply(layer))),
                    column(
                        "difference, reference [95% CI]",
                        layer ->
                            Tables.withInterval(difference.apply(layer).getReference())
                                + (difference.apply(layer).getReferenceSignificant() ? "*" : " "))))
            .asString());
    out.println();
  }

  private void rolesTable(List<LayerRoles> layers) {
    List<ColumnData<LayerRoles>> columns = new ArrayList<>();
    columns.add(column("Layer", layer -> "" + layer.getLayer() + (layer.getUnstable() ? "!" : "")));
    columns.add(column("RFC [95% CI]", layer -> ours(layer.getRfc())));
    columns.add(column("RFC, reference", layer -> reference(layer.getRfc())));
    if (hasRsi(layers, Function.identity())) {
      columns.add(column("RSI [95% CI]", layer -> ours(layer.getRsi())));
      columns.add(column("RSI, reference", layer -> reference(layer.getRsi())));
    }
    out.println(AsciiTable.builder().border(Tables.BORDER).data(layers, columns).asString());
    out.println();
  }

  /** Without prompts of a confounder RSI is NaN everywhere and is not shown. */
  private static <T> boolean hasRsi(List<T> layers, Function<T, LayerRoles> roles) {
    return layers.stream()
        .anyMatch(layer -> !Double.isNaN(roles.apply(layer).getRsi().getRatioOfSums().getValue()));
  }

  private void note(RoleOptions options, boolean compared) {
    out.printf(
        "Default estimator: ratio of sums over heads of %s entropy; %sbootstrap over prompts (%d"
            + " resamples, seed %s)%n",
        name(options.getEntropy()),
        compared ? "paired " : "",
        options.getBootstrapResamples(),
        Long.toUnsignedString(options.getSeed()));
    if (compared) {
      out.printf(
          "with q from %d permutations, Benjamini-Hochberg over layers (* where below %s).%n",
          options.getPermutations(), options.getSignificanceLevel());
    }
    out.println(
        "Reference: the published study's estimator (mean over heads, Student t)"
            + (compared ? ", * where its interval excludes 0." : "."));
    out.println(
        "! marks layers where heads with near-zero neutral entropy move the reference value.");
    out.println();
  }

  /** Of one model: the verdict on two says it in its own words. */
  private void unstable(SummarizeRolesResponse roles) {
    List<String> layers =
        roles.getLayersList().stream()
            .filter(LayerRoles::getUnstable)
            .map(layer -> Integer.toString(layer.getLayer()))
            .toList();
    if (!layers.isEmpty()) {
      out.printf(
          "Unstable, so do not read the reference values there: %s %s.%n",
          layers.size() == 1 ? "layer" : "layers", String.join(", ", layers));
    }
  }

  /** Runs made before there was such a report have none. */
  private void confounds(ConfoundReport confounds) {
    if (!confounds.getVerdict().isEmpty()) {
      out.println("Controls: " + confounds.getVerdict());
    }
  }

  private static String name(EntropyKind kind) {
    return switch (kind) {
      case ENTROPY_KIND_REFERENCE -> "reference";
      case ENTROPY_KIND_EXACT, ENTROPY_KIND_UNSPECIFIED -> "exact";
      case ENTROPY_KIND_LENGTH_NORMALISED -> "length-normalised";
      case ENTROPY_KIND_SINK_EXCLUDED -> "sink-excluded";
      case ENTROPY_KIND_POSITION_MATCHED -> "position-matched";
      case ENTROPY_KIND_NORM_WEIGHTED -> "norm-weighted";
      case UNRECOGNIZED -> "another";
    };
  }

  private void artifacts(List<String> paths) {
    paths.stream().filter(path -> !path.endsWith(".npz")).forEach(path -> out.println("  " + path));
    long patterns = paths.stream().filter(path -> path.endsWith(".npz")).count();
    if (patterns > 0) {
      out.printf("  and %d files raw_blocks_<layer>_attn_pattern.npz beside them%n", patterns);
    }
  }

  private static String ours(LayerIndex index) {
    return Tables.withInterval(index.getRatioOfSums());
  }

  private static String reference(LayerIndex index) {
    return Tables.signed(index.getReference().getMean());
  }

  private static String q(IndexDifference difference) {
    return Tables.probability(difference.getQValue()) + (difference.getSignificant() ? "*" : " ");
  }

  private static <T> ColumnData<T> column(String header, Function<T, String> cell) {
    return new Column().header(header).with(cell);
  }
}

package org.rolescope.orchestrator.report;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.rolescope.orchestrator.artifacts.ModelPart;
import org.rolescope.v1.HeadIndex;
import org.rolescope.v1.HeadRoles;
import org.rolescope.v1.LayerContrast;
import org.rolescope.v1.LayerRoles;

/**
 * The heads of one model that tell roles apart the most: by the difference of the pooled exact
 * entropies of self and confounder prompts, or of self and neutral ones where there is no
 * confounder. Heads of equal difference are in order of layer and head.
 *
 * @param part the part the model plays
 * @param table the heads, most telling first
 */
record HeadSection(String part, ReportTable table) {
  /** How many are shown. */
  static final int SHOWN = 10;

  HeadSection {
    requireNonNull(part, "part is null");
    requireNonNull(table, "table is null");
  }

  private record Head(int layer, HeadRoles roles) {
    HeadIndex exact() {
      return roles.getExact();
    }

    double selfMinusNeutral() {
      return exact().getSelfNats() - exact().getNeutralNats();
    }

    double selfMinusConfounder() {
      return exact().getSelfNats() - exact().getConfounderNats();
    }

    double cohensD() {
      return roles.hasSelfAgainstNeutral()
          ? roles.getSelfAgainstNeutral().getCohensD()
          : Double.NaN;
    }
  }

  /** Base and instruct, or the only one. */
  static List<HeadSection> of(FinishedRun run) {
    if (!run.compares()) {
      return List.of(section(ModelPart.SINGLE, run.results().getRoles().getLayersList()));
    }
    List<LayerContrast> layers = run.results().getComparison().getLayersList();
    return List.of(
        section(ModelPart.BASE, layers.stream().map(LayerContrast::getBase).toList()),
        section(ModelPart.INSTRUCT, layers.stream().map(LayerContrast::getInstruct).toList()));
  }

  private static HeadSection section(String part, List<LayerRoles> layers) {
    List<Head> heads =
        layers.stream()
            .flatMap(
                layer ->
                    layer.getHeadsList().stream().map(head -> new Head(layer.getLayer(), head)))
            .toList();
    boolean confounded = heads.stream().anyMatch(head -> !Double.isNaN(head.selfMinusConfounder()));
    ToDoubleFunction<Head> difference =
        confounded ? Head::selfMinusConfounder : Head::selfMinusNeutral;
    List<Head> top =
        heads.stream()
            .filter(head -> !Double.isNaN(difference.applyAsDouble(head)))
            .sorted(Comparator.comparingDouble(head -> -Math.abs(difference.applyAsDouble(head))))
            .limit(SHOWN)
            .toList();
    return new HeadSection(part, table(top));
  }

  private static ReportTable table(List<Head> heads) {
    return ReportTable.of(heads)
        .number("Layer", head -> "" + head.layer())
        .number("Head", head -> "" + head.roles().getHead())
        .number("Self", head -> Figures.plain(head.exact().getSelfNats()))
        .number("Neutral", head -> Figures.plain(head.exact().getNeutralNats()))
        .number("Confounder", head -> Figures.plain(head.exact().getConfounderNats()))
        .number("Self − neutral", head -> Figures.signed(head.selfMinusNeutral()))
        .number("Self − confounder", head -> Figures.signed(head.selfMinusConfounder()))
        .number("Cohen's d", head -> Figures.signed(head.cohensD()))
        .text("Degenerate", head -> head.roles().getDegenerate() ? "yes" : "")
        .build();
  }
}

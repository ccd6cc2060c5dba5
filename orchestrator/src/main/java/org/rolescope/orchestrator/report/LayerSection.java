package org.rolescope.orchestrator.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.rolescope.orchestrator.artifacts.EntropyNames;
import org.rolescope.v1.ControlledIndices;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.Estimate;
import org.rolescope.v1.IndexDifference;
import org.rolescope.v1.LayerContrast;
import org.rolescope.v1.LayerIndex;
import org.rolescope.v1.LayerRoles;

/**
 * One index over the layers.
 *
 * @param name RFC or RSI
 * @param meaning its name in full, with its formula
 * @param byDefault by the default estimator, a row a layer
 * @param byReference by the reference estimator, a row a layer
 * @param controls by the default estimator from every kind of entropy; without rows where nothing
 *     was controlled
 */
record LayerSection(
    String name,
    String meaning,
    ReportTable byDefault,
    ReportTable byReference,
    ReportTable controls) {
  /** RFC, then RSI; an index without any value, as RSI is without a confounder, is left out. */
  static List<LayerSection> of(FinishedRun run) {
    List<LayerSection> sections = new ArrayList<>();
    sections.add(
        section(
            run,
            "RFC",
            "Role focus coefficient: 1 − H_self / H_neutral.",
            new Index(LayerRoles::getRfc, LayerContrast::getRfc, ControlledIndices::getRfc)));
    Index rsi = new Index(LayerRoles::getRsi, LayerContrast::getRsi, ControlledIndices::getRsi);
    if (hasValues(run, rsi)) {
      sections.add(
          section(run, "RSI", "Role separation index: (H_confounder − H_self) / H_neutral.", rsi));
    }
    return sections;
  }

  private record Index(
      Function<LayerRoles, LayerIndex> value,
      Function<LayerContrast, IndexDifference> difference,
      Function<ControlledIndices, Estimate> control) {}

  /** A layer with what is known of it under controls. */
  private record Controlled(int layer, List<ControlledIndices> indices) {}

  private static boolean hasValues(FinishedRun run, Index index) {
    return roles(run).stream()
        .map(index.value())
        .anyMatch(value -> !Double.isNaN(value.getRatioOfSums().getValue()));
  }

  private static List<LayerRoles> roles(FinishedRun run) {
    return run.compares()
        ? run.results().getComparison().getLayersList().stream()
            .map(LayerContrast::getBase)
            .toList()
        : run.results().getRoles().getLayersList();
  }

  private static LayerSection section(FinishedRun run, String name, String meaning, Index index) {
    if (run.compares()) {
      List<LayerContrast> layers = run.results().getComparison().getLayersList();
      return new LayerSection(
          name,
          meaning,
          contrast(layers, index),
          referenceContrast(layers, index),
          controls(run, index));
    }
    List<LayerRoles> layers = run.results().getRoles().getLayersList();
    return new LayerSection(
        name, meaning, single(layers, index), referenceSingle(layers, index), controls(run, index));
  }

  private static ReportTable contrast(List<LayerContrast> layers, Index index) {
    return ReportTable.of(layers)
        .number("Layer", layer -> layer.getLayer() + mark(layer.getUnstable(), " !"))
        .number("Base", layer -> byDefault(index, layer.getBase()))
        .number("Instruct", layer -> byDefault(index, layer.getInstruct()))
        .number(
            "Difference",
            layer -> Figures.withInterval(index.difference().apply(layer).getRatioOfSums()))
        .number("q", layer -> q(index.difference().apply(layer)))
        .build();
  }

  private static ReportTable referenceContrast(List<LayerContrast> layers, Index index) {
    return ReportTable.of(layers)
        .number("Layer", layer -> layer.getLayer() + mark(layer.getUnstable(), " !"))
        .number("Base", layer -> byReference(index, layer.getBase()))
        .number("Instruct", layer -> byReference(index, layer.getInstruct()))
        .number("Difference", layer -> byReference(index.difference().apply(layer)))
        .build();
  }

  private static ReportTable single(List<LayerRoles> layers, Index index) {
    return ReportTable.of(layers)
        .number("Layer", layer -> layer.getLayer() + mark(layer.getUnstable(), " !"))
        .number("Value", layer -> byDefault(index, layer))
        .number(
            "Median over heads",
            layer -> Figures.signed(index.value().apply(layer).getHeadMedian()))
        .build();
  }

  private static ReportTable referenceSingle(List<LayerRoles> layers, Index index) {
    return ReportTable.of(layers)
        .number("Layer", layer -> layer.getLayer() + mark(layer.getUnstable(), " !"))
        .number("Value", layer -> byReference(index, layer))
        .build();
  }

  private static String byDefault(Index index, LayerRoles layer) {
    return Figures.withInterval(index.value().apply(layer).getRatioOfSums());
  }

  private static String byReference(Index index, LayerRoles layer) {
    return Figures.withInterval(index.value().apply(layer).getReference());
  }

  private static String byReference(IndexDifference difference) {
    return Figures.withInterval(difference.getReference())
        + mark(difference.getReferenceSignificant(), " *");
  }

  private static ReportTable controls(FinishedRun run, Index index) {
    List<Controlled> layers = controlled(run);
    List<EntropyKind> kinds =
        layers.stream()
            .flatMap(layer -> layer.indices().stream())
            .map(ControlledIndices::getKind)
            .distinct()
            .sorted()
            .toList();
    ReportTable.Builder<Controlled> table =
        ReportTable.of(kinds.isEmpty() ? List.<Controlled>of() : layers)
            .number("Layer", layer -> "" + layer.layer());
    for (EntropyKind kind : kinds) {
      table.number(
          EntropyNames.name(kind).replace('_', ' '),
          layer ->
              layer.indices().stream()
                  .filter(each -> each.getKind() == kind)
                  .findFirst()
                  .map(each -> Figures.withInterval(index.control().apply(each)))
                  .orElse(""));
    }
    return table.build();
  }

  private static List<Controlled> controlled(FinishedRun run) {
    return run.compares()
        ? run.results().getComparison().getLayersList().stream()
            .map(layer -> new Controlled(layer.getLayer(), layer.getControlsList()))
            .toList()
        : run.results().getRoles().getLayersList().stream()
            .map(layer -> new Controlled(layer.getLayer(), layer.getControlsList()))
            .toList();
  }

  private static String mark(boolean marked, String with) {
    return marked ? with : "";
  }

  private static String q(IndexDifference difference) {
    return Figures.plain(difference.getQValue()) + mark(difference.getSignificant(), " *");
  }
}

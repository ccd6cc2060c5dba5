package org.rolescope.orchestrator.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.rolescope.orchestrator.artifacts.ModelPart;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.report.FinishedRun;
import org.rolescope.orchestrator.runstore.Timings;
import org.rolescope.v1.LayerContrast;
import org.rolescope.v1.LayerRoles;
import org.rolescope.v1.Model;

/**
 * Every measured version of every model family.
 *
 * @param families in order of name
 * @param thresholds what is flagged
 */
public record Versions(List<FamilyVersions> families, Thresholds thresholds) {
  /** Copies the list. */
  public Versions {
    families = List.copyOf(families);
  }

  /**
   * Changes of a layer that are flagged where they are larger and the intervals do not overlap.
   *
   * @param rfc change of RFC
   * @param rsi change of RSI
   */
  public record Thresholds(double rfc, double rsi) {}

  /**
   * The versions of a family.
   *
   * @param family its name
   * @param versions in order of time; of one run base before instruct
   */
  public record FamilyVersions(String family, List<VersionRow> versions) {}

  /**
   * One version in one run, by the default estimator.
   *
   * @param runId the run
   * @param part the part it plays there
   * @param model its name
   * @param digest its digest
   * @param measuredAt when the run was first started, RFC 3339; empty where that is lost
   * @param layers a row a layer
   * @param mean over the layers that have a value
   * @param flags sentences
   */
  public record VersionRow(
      String runId,
      String part,
      String model,
      String digest,
      Optional<String> measuredAt,
      List<VersionLayer> layers,
      IndexMeans mean,
      List<String> flags) {}

  /**
   * One layer.
   *
   * @param layer the layer
   * @param rfc role focus coefficient
   * @param rsi role separation index
   */
  public record VersionLayer(int layer, Estimate rfc, Estimate rsi) {
    static VersionLayer of(LayerRoles roles) {
      return new VersionLayer(
          roles.getLayer(),
          Estimate.of(roles.getRfc().getRatioOfSums()),
          Estimate.of(roles.getRsi().getRatioOfSums()));
    }
  }

  /**
   * Means over layers.
   *
   * @param rfc of RFC
   * @param rsi of RSI; NaN where no layer has one
   */
  public record IndexMeans(double rfc, double rsi) {
    static IndexMeans of(List<VersionLayer> layers) {
      return new IndexMeans(
          Samples.of(layers.stream().mapToDouble(layer -> layer.rfc().value()).toArray()).mean(),
          Samples.of(layers.stream().mapToDouble(layer -> layer.rsi().value()).toArray()).mean());
    }
  }

  /**
   * Puts complete runs in order.
   *
   * @param runs the runs
   * @param thresholds what is flagged
   */
  public static Versions of(List<FinishedRun> runs, Thresholds thresholds) {
    Map<String, List<VersionRow>> families = new TreeMap<>();
    runs.stream()
        .sorted(Comparator.comparing(Versions::orderedTime).thenComparing(run -> run.run().id()))
        .forEach(
            run -> {
              List<VersionRow> family =
                  families.computeIfAbsent(run.run().plan().family(), name -> new ArrayList<>());
              for (ModelSlot slot : run.run().models().keySet()) {
                Optional<VersionRow> before =
                    family.isEmpty() ? Optional.empty() : Optional.of(family.getLast());
                family.add(row(run, slot, before, thresholds));
              }
            });
    return new Versions(
        families.entrySet().stream()
            .map(family -> new FamilyVersions(family.getKey(), family.getValue()))
            .toList(),
        thresholds);
  }

  private static VersionRow row(
      FinishedRun run, ModelSlot slot, Optional<VersionRow> before, Thresholds thresholds) {
    Model model = run.run().model(slot);
    List<VersionLayer> layers = roles(run, slot).stream().map(VersionLayer::of).toList();
    List<String> flags = new ArrayList<>();
    before.ifPresent(earlier -> flags.addAll(VersionFlags.between(earlier, layers, thresholds)));
    VersionFlags.ofParity(model).ifPresent(flags::add);
    return new VersionRow(
        run.run().id().text(),
        ModelPart.of(slot, run.compares()),
        model.getName(),
        model.getDigest(),
        measuredAt(run),
        layers,
        IndexMeans.of(layers),
        flags);
  }

  private static List<LayerRoles> roles(FinishedRun run, ModelSlot slot) {
    if (!run.compares()) {
      return run.results().getRoles().getLayersList();
    }
    List<LayerContrast> layers = run.results().getComparison().getLayersList();
    return switch (slot) {
      case BASE -> layers.stream().map(LayerContrast::getBase).toList();
      case RUN -> layers.stream().map(LayerContrast::getInstruct).toList();
    };
  }

  static Optional<String> measuredAt(FinishedRun run) {
    return Timings.firstStarted(run.folder().timings());
  }

  /** RFC 3339 in UTC sorts as text; what has no time comes first. */
  static String orderedTime(FinishedRun run) {
    return measuredAt(run).orElse("");
  }
}

package org.rolescope.orchestrator.view;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rolescope.orchestrator.artifacts.ModelPart;
import org.rolescope.orchestrator.report.FinishedRun;
import org.rolescope.v1.HeadRoles;
import org.rolescope.v1.LayerContrast;
import org.rolescope.v1.LayerRoles;

/**
 * RFC and RSI of every layer.
 *
 * @param parts the models, base first
 * @param layers a row a layer, in order
 */
public record Layers(List<String> parts, List<LayerRow> layers) {
  /** Copies the lists. */
  public Layers {
    parts = List.copyOf(parts);
    layers = List.copyOf(layers);
  }

  /**
   * One layer.
   *
   * @param layer the layer
   * @param parts each model by its part
   * @param difference empty for a single model
   * @param unstable whether degenerate heads move a reference value
   */
  public record LayerRow(
      int layer,
      Map<String, LayerPart> parts,
      Optional<LayerDifference> difference,
      boolean unstable) {}

  /**
   * One layer of one model.
   *
   * @param rfc role focus coefficient
   * @param rsi role separation index
   * @param degenerateHeads heads whose neutral entropy nearly vanishes
   * @param unstable whether they move the reference value
   */
  public record LayerPart(LayerIndex rfc, LayerIndex rsi, int degenerateHeads, boolean unstable) {
    static LayerPart of(LayerRoles roles) {
      return new LayerPart(
          LayerIndex.of(roles.getRfc()),
          LayerIndex.of(roles.getRsi()),
          (int) roles.getHeadsList().stream().filter(HeadRoles::getDegenerate).count(),
          roles.getUnstable());
    }
  }

  /**
   * Instruct minus base.
   *
   * @param rfc role focus coefficient
   * @param rsi role separation index
   */
  public record LayerDifference(IndexDifference rfc, IndexDifference rsi) {}

  static Layers of(FinishedRun run) {
    if (!run.compares()) {
      return new Layers(
          List.of(ModelPart.SINGLE),
          run.results().getRoles().getLayersList().stream().map(Layers::single).toList());
    }
    return new Layers(
        List.of(ModelPart.BASE, ModelPart.INSTRUCT),
        run.results().getComparison().getLayersList().stream().map(Layers::contrast).toList());
  }

  private static LayerRow single(LayerRoles roles) {
    return new LayerRow(
        roles.getLayer(),
        Map.of(ModelPart.SINGLE, LayerPart.of(roles)),
        Optional.empty(),
        roles.getUnstable());
  }

  private static LayerRow contrast(LayerContrast layer) {
    Map<String, LayerPart> parts = new LinkedHashMap<>();
    parts.put(ModelPart.BASE, LayerPart.of(layer.getBase()));
    parts.put(ModelPart.INSTRUCT, LayerPart.of(layer.getInstruct()));
    return new LayerRow(
        layer.getLayer(),
        parts,
        Optional.of(
            new LayerDifference(
                IndexDifference.of(layer.getRfc()), IndexDifference.of(layer.getRsi()))),
        layer.getUnstable());
  }
}

package org.rolescope.orchestrator.artifacts;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;
import org.rolescope.v1.LayerContrast;
import org.rolescope.v1.LayerRoles;
import org.rolescope.v1.RunResults;

/**
 * The roles of one model of a run.
 *
 * @param model the part it plays, as tables name it
 * @param layers every layer, in order
 */
record ModelRoles(String model, List<LayerRoles> layers) {
  ModelRoles {
    requireNonNull(model, "model is null");
    layers = List.copyOf(layers);
  }

  /** Base and instruct, or the only one. */
  static List<ModelRoles> of(RunResults results) {
    if (!results.hasComparison()) {
      return List.of(new ModelRoles(ModelPart.SINGLE, results.getRoles().getLayersList()));
    }
    List<LayerContrast> layers = results.getComparison().getLayersList();
    return List.of(
        new ModelRoles(ModelPart.BASE, layers.stream().map(LayerContrast::getBase).toList()),
        new ModelRoles(
            ModelPart.INSTRUCT, layers.stream().map(LayerContrast::getInstruct).toList()));
  }

  /** Every layer of these models, in order. */
  static Stream<ModelLayer> layers(List<ModelRoles> models) {
    return models.stream()
        .flatMap(model -> model.layers().stream().map(each -> new ModelLayer(model.model(), each)));
  }

  /**
   * One layer of one model.
   *
   * @param model the part the model plays
   * @param roles the layer
   */
  record ModelLayer(String model, LayerRoles roles) {}
}

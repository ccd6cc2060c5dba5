package org.rolescope.export.stage;

import java.util.ArrayList;
import java.util.List;
import org.rolescope.tensors.bundle.ModelDimensions;

/** A stage to build. Built one at a time, so that an export needs the memory of one graph. */
public sealed interface StagePlan permits BlocksStage, EmbedStage, UnembedStage {
  /** The stages of a model in the order they run. */
  static List<StagePlan> of(ModelDimensions dimensions, StageSizes sizes) {
    List<StagePlan> stages = new ArrayList<>();
    stages.add(new EmbedStage());
    int layerCount = dimensions.layerCount();
    for (int first = 0; first < layerCount; first += sizes.layersPerStage()) {
      int size = Math.min(sizes.layersPerStage(), layerCount - first);
      stages.add(new BlocksStage(first, first + size - 1));
    }
    stages.addAll(UnembedStage.parts(dimensions, sizes.maxUnembeddingBytes()));
    return List.copyOf(stages);
  }

  /** Builds the graph of this stage and what the manifest says of it. */
  StageGraph build(StageContext context);
}

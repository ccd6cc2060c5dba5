package org.rolescope.export.stage;

import static java.util.Objects.requireNonNull;

import ai.onnx.proto.OnnxMl;
import org.rolescope.tensors.bundle.Stage;

/**
 * A stage that is built but not yet written.
 *
 * @param stage what the manifest says of it
 * @param model its graph
 */
public record StageGraph(Stage stage, OnnxMl.ModelProto model) {
  /** Checks that nothing is missing. */
  public StageGraph {
    requireNonNull(stage, "stage is null");
    requireNonNull(model, "model is null");
  }
}

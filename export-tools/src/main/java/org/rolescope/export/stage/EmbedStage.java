package org.rolescope.export.stage;

import java.util.List;
import org.rolescope.export.graph.Dimension;
import org.rolescope.export.graph.ElementType;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.Value;
import org.rolescope.export.graph.transformer.GraphWeights;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.bundle.Stage;

/** {@code input_ids} [batch, pos] → {@code resid_post} [batch, pos, d_model]. */
record EmbedStage() implements StagePlan {
  private static final String FILE_NAME = "embed.onnx";

  @Override
  public StageGraph build(StageContext context) {
    GraphBuilder graph = new GraphBuilder("embed");
    GraphWeights weights = context.weights(graph, FILE_NAME);
    Dimension batch = Dimension.named(Axis.BATCH);
    Dimension position = Dimension.named(Axis.POS);
    Value ids = graph.input("input_ids", ElementType.INT64, batch, position);
    Value residual = weights.rows(context.architecture().embedding(), ids, "resid_post");
    graph.output(
        residual,
        ElementType.FLOAT32,
        batch,
        position,
        Dimension.of(context.architecture().dimensions().hiddenSize()));
    return new StageGraph(
        new Stage(
            StageContext.FOLDER + "/" + FILE_NAME,
            Stage.Kind.EMBED,
            0,
            0,
            List.of(),
            weights.used()),
        graph.build(context.version()));
  }
}

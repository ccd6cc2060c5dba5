package org.rolescope.export.stage;

import java.util.List;
import org.rolescope.export.architecture.Decoder;
import org.rolescope.export.graph.Dimension;
import org.rolescope.export.graph.ElementType;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.Operator;
import org.rolescope.export.graph.Value;
import org.rolescope.export.graph.transformer.GraphWeights;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.bundle.Stage;

/**
 * {@code input_ids} [batch, pos], for learned positions also {@code position_ids} [batch, pos] →
 * {@code resid_post} [batch, pos, d_model].
 */
record EmbedStage() implements StagePlan {
  private static final String FILE_NAME = "embed.onnx";
  private static final String RESIDUAL = "resid_post";

  @Override
  public StageGraph build(StageContext context) {
    GraphBuilder graph = new GraphBuilder("embed");
    GraphWeights weights = context.weights(graph, FILE_NAME);
    Dimension batch = Dimension.named(Axis.BATCH);
    Dimension position = Dimension.named(Axis.POS);
    Value ids = graph.input("input_ids", ElementType.INT64, batch, position);
    Decoder model = context.model();
    Value residual =
        model.positionEmbedding().isEmpty()
            ? weights.rows(model.embedding(), ids, RESIDUAL)
            : graph.apply(
                Operator.ADD,
                RESIDUAL,
                weights.rows(model.embedding(), ids, "embed"),
                weights.rows(
                    model.positionEmbedding().get(),
                    graph.input("position_ids", ElementType.INT64, batch, position),
                    "pos_embed"));
    graph.output(
        residual,
        ElementType.FLOAT32,
        batch,
        position,
        Dimension.of(model.dimensions().hiddenSize()));
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

package org.rolescope.export.stage;

import java.util.List;
import org.rolescope.export.architecture.Architecture;
import org.rolescope.export.graph.Dimension;
import org.rolescope.export.graph.ElementType;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.Value;
import org.rolescope.export.graph.transformer.GraphWeights;
import org.rolescope.export.graph.transformer.LinearProjection;
import org.rolescope.export.graph.transformer.RootMeanSquareNorm;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageTap;

/** {@code resid_post} [row, d_model] → final norm → {@code logits} [row, vocab]. */
record UnembedStage() implements StagePlan {
  private static final String FILE_NAME = "unembed.onnx";
  private static final String LOGITS = "logits";
  private static final Dimension ROW = Dimension.named("row");

  @Override
  public StageGraph build(StageContext context) {
    Architecture architecture = context.architecture();
    GraphBuilder graph = new GraphBuilder("unembed");
    GraphWeights weights = context.weights(graph, FILE_NAME);
    Value rows =
        graph.input(
            "resid_post",
            ElementType.FLOAT32,
            ROW,
            Dimension.of(architecture.dimensions().hiddenSize()));
    Value normed =
        RootMeanSquareNorm.apply(
            graph,
            "ln_final",
            rows,
            weights.float32(architecture.finalNorm()),
            architecture.normEpsilon());
    graph.output(
        LinearProjection.apply(graph, LOGITS, normed, weights.float32(architecture.unembedding())),
        ElementType.FLOAT32,
        ROW,
        Dimension.of(architecture.dimensions().vocabularySize()));
    return new StageGraph(
        new Stage(
            StageContext.FOLDER + "/" + FILE_NAME,
            Stage.Kind.UNEMBED,
            0,
            0,
            List.of(new StageTap(LOGITS, 0, LOGITS)),
            weights.used()),
        graph.build(context.version()));
  }
}

package org.rolescope.export.stage;

import java.util.ArrayList;
import java.util.List;
import org.rolescope.export.architecture.Decoder;
import org.rolescope.export.graph.Dimension;
import org.rolescope.export.graph.ElementType;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.Value;
import org.rolescope.export.graph.transformer.GraphWeights;
import org.rolescope.export.graph.transformer.LinearProjection;
import org.rolescope.export.graph.transformer.Normalization;
import org.rolescope.tensors.bundle.ModelDimensions;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageTap;

/**
 * {@code resid_post} [row, d_model] → final norm → {@code logits} [row, vocab], or a part of the
 * vocabulary. A part refers to a range of rows of the stored matrix.
 *
 * @param name name of the stage
 * @param firstToken first token of the part
 * @param tokenCount number of tokens
 */
record UnembedStage(String name, int firstToken, int tokenCount) implements StagePlan {
  private static final String LOGITS = "logits";
  private static final Dimension ROW = Dimension.named("row");

  /**
   * The unembedding in as few equal parts as keep each within a size.
   *
   * @param maxBytes largest part, in float32; a part has at least one token
   */
  static List<UnembedStage> parts(ModelDimensions dimensions, long maxBytes) {
    int vocabulary = dimensions.vocabularySize();
    long rowBytes = (long) Float.BYTES * dimensions.hiddenSize();
    long maxTokens = Math.max(1, maxBytes / rowBytes);
    int count = (int) Math.ceilDiv(vocabulary, maxTokens);
    if (count == 1) {
      return List.of(new UnembedStage("unembed", 0, vocabulary));
    }
    int size = Math.ceilDiv(vocabulary, count);
    List<UnembedStage> parts = new ArrayList<>();
    for (int first = 0; first < vocabulary; first += size) {
      String name = "unembed_%03d".formatted(parts.size());
      parts.add(new UnembedStage(name, first, Math.min(size, vocabulary - first)));
    }
    return List.copyOf(parts);
  }

  @Override
  public StageGraph build(StageContext context) {
    String fileName = name + ".onnx";
    GraphBuilder graph = new GraphBuilder(name);
    GraphWeights weights = context.weights(graph, fileName);
    graph.output(
        logits(graph, weights, context.model()),
        ElementType.FLOAT32,
        ROW,
        Dimension.of(tokenCount));
    return new StageGraph(
        new Stage(
            StageContext.FOLDER + "/" + fileName,
            Stage.Kind.UNEMBED,
            0,
            0,
            List.of(new StageTap(LOGITS, 0, LOGITS)),
            weights.used()),
        graph.build(context.version()));
  }

  private Value logits(GraphBuilder graph, GraphWeights weights, Decoder model) {
    Dimension width = Dimension.of(model.dimensions().hiddenSize());
    Value rows = graph.input("resid_post", ElementType.FLOAT32, ROW, width);
    Value normed = Normalization.apply(graph, weights, "ln_final", rows, model.finalNorm());
    Value matrix = weights.float32Rows(model.unembedding(), firstToken, tokenCount);
    return LinearProjection.apply(graph, LOGITS, normed, matrix);
  }
}

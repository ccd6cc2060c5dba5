package org.rolescope.export.stage;

import java.util.ArrayList;
import java.util.List;
import org.rolescope.export.architecture.Block;
import org.rolescope.export.architecture.Decoder;
import org.rolescope.export.architecture.Projection;
import org.rolescope.export.graph.Dimension;
import org.rolescope.export.graph.ElementType;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.Operator;
import org.rolescope.export.graph.Value;
import org.rolescope.export.graph.transformer.GraphWeights;
import org.rolescope.export.graph.transformer.SequenceInputs;
import org.rolescope.export.graph.transformer.TransformerBlock;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.bundle.ModelDimensions;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageTap;
import org.rolescope.tensors.bundle.StageValues;

/**
 * {@code resid_pre} [batch, pos, d_model] → blocks → {@code resid_post}, the taps and the values.
 * The tap {@code resid_post} of the last block is the chain output itself.
 *
 * @param firstLayer first block
 * @param lastLayer last block, included
 */
record BlocksStage(int firstLayer, int lastLayer) implements StagePlan {
  private static final String RESIDUAL_OUTPUT = "resid_post";
  private static final Dimension BATCH = Dimension.named(Axis.BATCH);
  private static final Dimension POSITION = Dimension.named(Axis.POS);

  @Override
  public StageGraph build(StageContext context) {
    String name = "block_%03d".formatted(firstLayer);
    String fileName = name + ".onnx";
    GraphBuilder graph = new GraphBuilder(name);
    GraphWeights weights = context.weights(graph, fileName);
    List<Layer> layers = layers(graph, weights, context.model());
    List<StageTap> taps = declareOutputs(graph, layers, context.model().dimensions());
    return new StageGraph(
        new Stage(
            StageContext.FOLDER + "/" + fileName,
            Stage.Kind.BLOCKS,
            firstLayer,
            lastLayer,
            taps,
            weights.used(),
            layers.stream().map(layer -> layer.values(context)).toList()),
        graph.build(context.version()));
  }

  private List<Layer> layers(GraphBuilder graph, GraphWeights weights, Decoder model) {
    long hidden = model.dimensions().hiddenSize();
    Value residual =
        graph.input("resid_pre", ElementType.FLOAT32, BATCH, POSITION, Dimension.of(hidden));
    List<Block> blocks = model.blocks().subList(firstLayer, lastLayer + 1);
    SequenceInputs sequence = SequenceInputs.declare(graph, residual, model, blocks);
    TransformerBlock block = new TransformerBlock(graph, weights, model.dimensions(), sequence);
    Value rows =
        graph.apply(Operator.RESHAPE, "resid_pre.rows", residual, graph.integers(-1, hidden));
    List<Layer> layers = new ArrayList<>();
    for (int layer = firstLayer; layer <= lastLayer; layer++) {
      TransformerBlock.Result result = block.apply(layer, model.blocks().get(layer), rows);
      rows = result.rows();
      layers.add(new Layer(layer, result, residual(graph, layer, rows, sequence)));
    }
    return layers;
  }

  /**
   * A block in the graph.
   *
   * @param number number of the block
   * @param result its taps
   * @param residual residual stream behind it, [batch, pos, d_model]
   */
  private record Layer(int number, TransformerBlock.Result result, Value residual) {
    private List<StageTap> taps() {
      return List.of(
          new StageTap("pattern", number, result.pattern().name()),
          new StageTap("z", number, result.z().name()),
          new StageTap("resid_post", number, residual.name()));
    }

    private StageValues values(StageContext context) {
      Projection projection = context.model().blocks().get(number).attention().output();
      return new StageValues(
          number,
          result.value().name(),
          context.catalog().weight(projection.weight()).name(),
          switch (projection.layout()) {
            case OUT_IN -> StageValues.Layout.OUT_IN;
            case IN_OUT -> StageValues.Layout.IN_OUT;
          });
    }
  }

  private Value residual(GraphBuilder graph, int layer, Value rows, SequenceInputs sequence) {
    String name = layer == lastLayer ? RESIDUAL_OUTPUT : "blocks." + layer + ".resid_post";
    return graph.apply(Operator.RESHAPE, name, rows, sequence.residualShape());
  }

  /** Declares the residual stream behind the last block, then taps and values layer by layer. */
  private static List<StageTap> declareOutputs(
      GraphBuilder graph, List<Layer> layers, ModelDimensions dimensions) {
    declareResidual(graph, layers.getLast(), dimensions);
    List<StageTap> taps = new ArrayList<>();
    for (Layer layer : layers) {
      declareAttention(graph, layer.result(), dimensions);
      if (layer != layers.getLast()) {
        declareResidual(graph, layer, dimensions);
      }
      taps.addAll(layer.taps());
    }
    return taps;
  }

  private static void declareResidual(GraphBuilder graph, Layer layer, ModelDimensions dimensions) {
    graph.output(
        layer.residual(),
        ElementType.FLOAT32,
        BATCH,
        POSITION,
        Dimension.of(dimensions.hiddenSize()));
  }

  private static void declareAttention(
      GraphBuilder graph, TransformerBlock.Result result, ModelDimensions dimensions) {
    Dimension heads = Dimension.of(dimensions.headCount());
    graph.output(
        result.pattern(),
        ElementType.FLOAT32,
        BATCH,
        heads,
        Dimension.named(Axis.QUERY_POS),
        Dimension.named(Axis.KEY_POS));
    graph.output(
        result.z(),
        ElementType.FLOAT32,
        BATCH,
        POSITION,
        heads,
        Dimension.of(dimensions.headSize()));
    graph.output(
        result.value(),
        ElementType.FLOAT32,
        BATCH,
        POSITION,
        Dimension.of(dimensions.keyValueHeadCount()),
        Dimension.of(dimensions.headSize()));
  }
}

package org.rolescope.inference.session;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes of a stage one that continues a text. Whatever computes keys or values gives them another
 * name; behind it comes a Concat with those of the tokens before, whose result has the old name: so
 * queries meet all keys there are. The joined tensors are outputs, to be handed to the next run.
 * Taps are none any more, so that nothing is copied out that nobody asked for.
 */
final class CachingGraph {
  private static final String ADDED = ".added";
  private static final int AXES = 4;

  private final GraphProto.Builder graph;
  private final Map<String, CachedTensor> missing = new HashMap<>();

  private CachingGraph(GraphProto.Builder graph, Collection<CachedTensor> tensors) {
    this.graph = graph;
    tensors.forEach(tensor -> missing.put(tensor.tensor(), tensor));
  }

  /**
   * The model with a cache.
   *
   * @param model a model that gives {@code resid_post}
   * @param tensors keys and values of all its layers
   * @throws IllegalArgumentException where the graph does not compute one; its message is the name
   *     of the tensor
   */
  static ModelProto of(ModelProto model, Collection<CachedTensor> tensors) {
    ModelProto.Builder caching = model.toBuilder();
    new CachingGraph(caching.getGraphBuilder(), tensors).change();
    return caching.build();
  }

  private void change() {
    List<NodeProto> nodes = graph.getNodeList();
    List<ValueInfoProto> residual =
        graph.getOutputList().stream()
            .filter(output -> output.getName().equals(OpenStage.RESID_POST))
            .toList();
    graph.clearNode().clearOutput().addAllOutput(residual);
    for (NodeProto node : nodes) {
      CachedTensor tensor = node.getOutputCount() == 1 ? missing.remove(node.getOutput(0)) : null;
      if (tensor == null) {
        graph.addNode(node);
      } else {
        graph.addNode(node.toBuilder().setOutput(0, tensor.tensor() + ADDED));
        join(tensor);
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(missing.keySet().iterator().next());
    }
  }

  private void join(CachedTensor tensor) {
    graph.addInput(value(tensor.earlierInput()));
    graph.addOutput(value(tensor.tensor()));
    graph
        .addNodeBuilder()
        .setName(tensor.tensor() + ".join")
        .setOpType("Concat")
        .addInput(tensor.earlierInput())
        .addInput(tensor.tensor() + ADDED)
        .addOutput(tensor.tensor())
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("axis")
                .setType(AttributeProto.AttributeType.INT)
                .setI(tensor.kind().positionAxis()));
  }

  /** A tensor whose sizes the run decides. */
  private static ValueInfoProto value(String name) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int axis = 0; axis < AXES; axis++) {
      shape.addDimBuilder().setDimParam(name + "." + axis);
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(DataType.FLOAT.getNumber())
                        .setShape(shape)))
        .build();
  }
}

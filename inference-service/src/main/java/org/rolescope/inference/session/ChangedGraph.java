package org.rolescope.inference.session;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Puts changes into a graph, and outputs that it does not have. Whatever computes a tensor gives it
 * another name; behind it come a Mul with the factors or a Where between tensor and values, and the
 * last of them gives the tensor its old name. So everything that takes the tensor takes the changed
 * one: the rest of the graph and the tap alike. A factor of 1 and a Where that takes nothing leave
 * every bit as it is.
 */
final class ChangedGraph {
  private static final String BEFORE = ".unchanged";
  private static final int TOKEN_AXES = 2;

  private final GraphProto.Builder graph;
  private final Map<String, List<GraphChange>> byTensor;

  private ChangedGraph(GraphProto.Builder graph, Collection<GraphChange> changes) {
    this.graph = graph;
    byTensor =
        changes.stream()
            .sorted((one, other) -> one.kind().compareTo(other.kind()))
            .collect(Collectors.groupingBy(GraphChange::tensor, TreeMap::new, Collectors.toList()));
  }

  /**
   * The model with changes in it and more outputs.
   *
   * @param model a model
   * @param edit what is added
   * @throws IllegalArgumentException where the graph does not compute a tensor of the edit; its
   *     message is the name of the tensor
   */
  static ModelProto of(ModelProto model, GraphEdit edit) {
    ModelProto.Builder changed = model.toBuilder();
    ChangedGraph graph = new ChangedGraph(changed.getGraphBuilder(), edit.changes());
    graph.change();
    edit.shown().stream().sorted().forEach(graph::show);
    return changed.build();
  }

  private void change() {
    List<NodeProto> nodes = graph.getNodeList();
    graph.clearNode();
    Set<String> missing = new HashSet<>(byTensor.keySet());
    for (NodeProto node : nodes) {
      NodeProto.Builder copy = node.toBuilder();
      for (int output = 0; output < node.getOutputCount(); output++) {
        if (missing.contains(node.getOutput(output))) {
          copy.setOutput(output, node.getOutput(output) + BEFORE);
        }
      }
      graph.addNode(copy);
      node.getOutputList().stream().filter(missing::remove).forEach(this::addChanges);
    }
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(missing.iterator().next());
    }
  }

  /** Adds an output, float32 [token, d_model]; a changed tensor has its old name. */
  private void show(String tensor) {
    if (graph.getNodeList().stream().noneMatch(node -> node.getOutputList().contains(tensor))) {
      throw new IllegalArgumentException(tensor);
    }
    graph.addOutput(value(tensor, DataType.FLOAT, TOKEN_AXES));
  }

  private void addChanges(String tensor) {
    String current = tensor + BEFORE;
    List<GraphChange> changes = byTensor.get(tensor);
    for (GraphChange change : changes) {
      String next = change == changes.getLast() ? tensor : change.valuesInput() + ".applied";
      add(change, current, next);
      current = next;
    }
  }

  private void add(GraphChange change, String from, String to) {
    NodeProto.Builder node = graph.addNodeBuilder().setName(to + ".change").addOutput(to);
    input(change.valuesInput(), DataType.FLOAT, change.kind().axes());
    if (change.kind().scales()) {
      node.setOpType("Mul").addInput(from).addInput(change.valuesInput());
    } else {
      input(change.placesInput(), DataType.BOOL, change.kind().axes());
      node.setOpType("Where")
          .addInput(change.placesInput())
          .addInput(change.valuesInput())
          .addInput(from);
    }
  }

  private void input(String name, DataType type, int axes) {
    graph.addInput(value(name, type, axes));
  }

  /** An input or output of so many axes, whose sizes the batch decides. */
  private static ValueInfoProto value(String name, DataType type, int axes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int axis = 0; axis < axes; axis++) {
      shape.addDimBuilder().setDimParam(name + "." + axis);
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }
}

package org.rolescope.inference.session;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.rolescope.tensors.bundle.StageWeight;

/** Makes graph inputs of those tables of which a graph only takes the rows of tokens. */
final class GatheredTables {
  /** Graph input whose values are token ids. */
  static final String INPUT_IDS = "input_ids";

  private static final String GATHER = "Gather";

  private GatheredTables() {}

  /**
   * Makes an input of every table that is used for nothing but gathering rows by token id.
   *
   * @param graph the graph, which is changed
   * @param weights its weights by name of the initialiser
   * @return the tables, by name of the input that takes their rows
   */
  static Map<String, StageWeight> feed(GraphProto.Builder graph, Map<String, StageWeight> weights) {
    Map<String, StageWeight> tables = new HashMap<>(weights);
    tables.keySet().retainAll(namesOfGathered(graph));
    tables.values().removeIf(table -> table.shape().size() != 2);
    for (int index = graph.getInitializerCount() - 1; index >= 0; index--) {
      TensorProto initializer = graph.getInitializer(index);
      StageWeight table = tables.get(initializer.getName());
      if (table != null) {
        graph.removeInitializer(index).addInput(rowsOf(initializer, table.shape().getLast()));
      }
    }
    return Map.copyOf(tables);
  }

  private static Set<String> namesOfGathered(GraphProto.Builder graph) {
    Set<String> usedOtherwise = new HashSet<>();
    Set<String> gathered = new HashSet<>();
    for (NodeProto node : graph.getNodeList()) {
      boolean gathersRows = isGatherOfRows(node);
      for (int input = 0; input < node.getInputCount(); input++) {
        (gathersRows && input == 0 ? gathered : usedOtherwise).add(node.getInput(input));
      }
    }
    gathered.removeAll(usedOtherwise);
    return gathered;
  }

  private static boolean isGatherOfRows(NodeProto node) {
    return node.getOpType().equals(GATHER)
        && node.getInputCount() == 2
        && node.getInput(1).equals(INPUT_IDS)
        && node.getAttributeList().stream()
            .noneMatch(attribute -> attribute.getName().equals("axis") && attribute.getI() != 0);
  }

  /** An input like the initialiser, [gathered_row, width]. */
  private static ValueInfoProto rowsOf(TensorProto initializer, long width) {
    TensorShapeProto shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("gathered_row"))
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(width))
            .build();
    TypeProto.Tensor type =
        TypeProto.Tensor.newBuilder()
            .setElemType(initializer.getDataType())
            .setShape(shape)
            .build();
    return ValueInfoProto.newBuilder()
        .setName(initializer.getName())
        .setType(TypeProto.newBuilder().setTensorType(type))
        .build();
  }
}

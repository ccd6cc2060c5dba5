package org.rolescope.export.instrument;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rolescope.fault.RolescopeException;

/**
 * Finds attention patterns in a graph: the outputs of those {@code Softmax} nodes over the last
 * axis that reach a matrix product, directly or through operators that leave attention what it is
 * (dropout, casts, a {@code Where} behind the softmax, reshapes, quantisation). The softmax itself
 * is the tap: a Where that exporters put behind it concerns rows without any visible key only,
 * which prompts without padding do not have.
 */
final class AttentionSoftmaxes {
  private static final String SOFTMAX = "Softmax";

  /** From this opset on, axis says along which axis; before, where the axes are folded in two. */
  private static final long OPSET_OF_ONE_AXIS = 13;

  private static final long LAST_OF_FOUR_AXES = 3;

  private static final Set<String> PASSING =
      Set.of(
          "Identity",
          "Dropout",
          "Cast",
          "Where",
          "Mul",
          "Reshape",
          "Transpose",
          "Squeeze",
          "Unsqueeze",
          "Expand",
          "QuantizeLinear",
          "DequantizeLinear",
          "DynamicQuantizeLinear");

  private static final Set<String> PRODUCTS =
      Set.of("MatMul", "Gemm", "Einsum", "MatMulInteger", "QLinearMatMul", "FusedMatMul", "QGemm");

  private final Map<String, List<NodeProto>> readers = new HashMap<>();

  private AttentionSoftmaxes(List<NodeProto> nodes) {
    for (NodeProto node : nodes) {
      for (String input : Set.copyOf(node.getInputList())) {
        readers.computeIfAbsent(input, _ -> new ArrayList<>()).add(node);
      }
    }
  }

  /**
   * The names of the patterns, in the order they run.
   *
   * @throws RolescopeException MALFORMED_MODEL where there is none
   */
  static List<String> find(OnnxGraph graph) {
    AttentionSoftmaxes search = new AttentionSoftmaxes(graph.nodes());
    List<String> found = new ArrayList<>();
    for (NodeProto node : graph.nodes()) {
      if (isOverLastAxis(node, graph.opset()) && search.reachesProduct(node.getOutput(0))) {
        found.add(node.getOutput(0));
      }
    }
    if (found.isEmpty()) {
      throw HiddenAttention.fault(graph);
    }
    return found;
  }

  private static boolean isOverLastAxis(NodeProto node, long opset) {
    if (!node.getOpType().equals(SOFTMAX)
        || !OnnxGraph.isStandard(node.getDomain())
        || node.getOutputCount() != 1) {
      return false;
    }
    long axis =
        node.getAttributeList().stream()
            .filter(attribute -> attribute.getName().equals("axis"))
            .mapToLong(AttributeProto::getI)
            .findFirst()
            .orElse(opset < OPSET_OF_ONE_AXIS ? 1 : -1);
    return axis == -1 || axis == LAST_OF_FOUR_AXES;
  }

  private boolean reachesProduct(String pattern) {
    Set<String> seen = new HashSet<>(Set.of(pattern));
    Deque<String> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      for (NodeProto reader : readers.getOrDefault(open.remove(), List.of())) {
        if (PRODUCTS.contains(reader.getOpType())) {
          return true;
        }
        if (PASSING.contains(reader.getOpType())) {
          reader.getOutputList().stream().filter(seen::add).forEach(open::add);
        }
      }
    }
    return false;
  }
}

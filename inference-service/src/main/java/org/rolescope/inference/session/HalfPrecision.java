package org.rolescope.inference.session;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Turns the products of activations with weights into half precision, and nothing else: activations
 * are cast to float16 and results back, and weights that only products take become float16
 * initialisers. Queries times keys, softmax, norms and the residual stream stay in float32, whose
 * range they need: keys of Qwen2.5 alone leave that of float16.
 *
 * @see <a href="https://arxiv.org/abs/1710.03740">Micikevicius et al. 2018, mixed precision</a>
 */
final class HalfPrecision {
  private static final Set<String> PRODUCTS = Set.of("MatMul", "Gemm");
  private static final String HALF = "__float16";

  private final GraphProto.Builder graph;
  private final Set<String> halved;
  private final List<NodeProto> nodes = new ArrayList<>();
  private final Set<String> cast = new HashSet<>();

  private HalfPrecision(GraphProto.Builder graph, Set<String> halved) {
    this.graph = graph;
    this.halved = halved;
  }

  /**
   * Changes a graph.
   *
   * @param graph the graph
   * @param weights names of its initialisers that are injected in float32
   * @return those of them that it now takes in float16
   */
  static Set<String> apply(GraphProto.Builder graph, Set<String> weights) {
    Set<String> halved = new HashSet<>(weights);
    for (NodeProto node : graph.getNodeList()) {
      if (!PRODUCTS.contains(node.getOpType())) {
        node.getInputList().forEach(halved::remove);
      }
    }
    new HalfPrecision(graph, halved).change();
    return halved;
  }

  private void change() {
    for (TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
      if (halved.contains(tensor.getName())) {
        tensor.setDataType(TensorProto.DataType.FLOAT16_VALUE);
      }
    }
    for (NodeProto node : graph.getNodeList()) {
      if (isHalved(node)) {
        product(node);
      } else {
        nodes.add(node);
      }
    }
    graph.clearNode().addAllNode(nodes);
  }

  private boolean isHalved(NodeProto node) {
    return PRODUCTS.contains(node.getOpType())
        && node.getInputList().stream().anyMatch(halved::contains);
  }

  private void product(NodeProto node) {
    NodeProto.Builder half = node.toBuilder().clearInput().clearOutput();
    node.getInputList().forEach(input -> half.addInput(halfOf(input)));
    String output = node.getOutput(0);
    half.addOutput(output + HALF);
    nodes.add(half.build());
    nodes.add(cast(output + HALF, output, TensorProto.DataType.FLOAT));
  }

  /** A tensor in float16, cast once however many products take it. */
  private String halfOf(String tensor) {
    if (tensor.isEmpty() || halved.contains(tensor)) {
      return tensor;
    }
    String name = tensor + HALF + "_in";
    if (cast.add(tensor)) {
      nodes.add(cast(tensor, name, TensorProto.DataType.FLOAT16));
    }
    return name;
  }

  private static NodeProto cast(String from, String to, TensorProto.DataType type) {
    return NodeProto.newBuilder()
        .setOpType("Cast")
        .setName(to + "_cast")
        .addInput(from)
        .addOutput(to)
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("to")
                .setType(AttributeProto.AttributeType.INT)
                .setI(type.getNumber()))
        .build();
  }
}

package org.rolescope.bench.baseline;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;

/** An ONNX graph of a single matrix product. */
final class ProductGraph {
  static final String LEFT = "left";
  static final String RIGHT = "right";
  static final String PRODUCT = "product";

  private static final int IR_VERSION = 8;
  private static final int OPERATOR_SET = 17;

  private ProductGraph() {}

  /** The graph: Gemm where the right matrix is transposed, MatMul otherwise. */
  static byte[] of(MatrixProduct product) {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName("product")
            .addNode(node(product))
            .addInput(input(LEFT, product.left()))
            .addInput(input(RIGHT, product.right()))
            .addOutput(floats(PRODUCT, TensorShapeProto.newBuilder(), false));
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPERATOR_SET))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private static NodeProto node(MatrixProduct product) {
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setOpType(product.transposed() ? "Gemm" : "MatMul")
            .addInput(LEFT)
            .addInput(RIGHT)
            .addOutput(PRODUCT);
    if (product.transposed()) {
      node.addAttribute(
          AttributeProto.newBuilder()
              .setName("transB")
              .setType(AttributeProto.AttributeType.INT)
              .setI(1));
    }
    return node.build();
  }

  private static ValueInfoProto input(String name, List<Long> sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    sizes.forEach(size -> shape.addDimBuilder().setDimValue(size));
    return floats(name, shape, true);
  }

  private static ValueInfoProto floats(
      String name, TensorShapeProto.Builder shape, boolean shaped) {
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber());
    if (shaped) {
      tensor.setShape(shape);
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}

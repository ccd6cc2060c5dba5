package org.rolescope.export.testing;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;

/**
 * Graphs to be looked at, not run: tokens are gathered from a table of 10 rows, positions from one
 * of 20, and softmaxes are called {@code pattern0} and up.
 */
public final class OnnxModels {
  private static final int INT64 = TensorProto.DataType.INT64_VALUE;

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private int layers;

  /** A graph without attention. */
  public OnnxModels() {
    input("input_ids", INT64);
    graph.addInitializer(table("tokens", 10)).addInitializer(table("positions", 20));
    graph.addOutput(ValueInfoProto.newBuilder().setName("last_hidden_state"));
    node("", "Gather", "tokens", "embedded", "input_ids");
    node("", "Gather", "positions", "placed", "where");
  }

  /** Adds a softmax over the last axis, read by operators one behind the other. */
  public OnnxModels layer(String... readers) {
    return softmax("pattern" + layers++, -1, readers);
  }

  /** Adds a softmax over an axis. */
  public OnnxModels softmax(String name, int axis, String... readers) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Softmax")
            .addInput("scores")
            .addOutput(name)
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("axis")
                    .setType(AttributeProto.AttributeType.INT)
                    .setI(axis)));
    String last = name;
    for (String reader : readers) {
      node("", reader, last, last + "_" + reader);
      last = last + "_" + reader;
    }
    return this;
  }

  /** Adds an operator of some domain that reads the embedding. */
  public OnnxModels node(String domain, String operator) {
    return node(domain, operator, "embedded", "out_of_" + operator);
  }

  /** Adds an operator. */
  public OnnxModels node(
      String domain, String operator, String input, String output, String... more) {
    NodeProto.Builder node =
        NodeProto.newBuilder().setDomain(domain).setOpType(operator).addInput(input);
    for (String each : more) {
      node.addInput(each);
    }
    graph.addNode(node.addOutput(output));
    return this;
  }

  /** Adds an input [batch, pos]. */
  public OnnxModels input(String name, int type) {
    return input(name, type, TensorShapeProto.Dimension.newBuilder().setDimParam("pos").build());
  }

  /** Adds an input [batch, size]. */
  public OnnxModels fixedInput(String name, int size) {
    return input(name, INT64, TensorShapeProto.Dimension.newBuilder().setDimValue(size).build());
  }

  /** Takes out all inputs. */
  public OnnxModels withoutTokens() {
    graph.clearInput();
    return this;
  }

  /** Takes out all weights. */
  public OnnxModels withoutTables() {
    graph.clearInitializer();
    return this;
  }

  /** Adds a weight that lies in another file. */
  public OnnxModels external() {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName("far")
            .addDims(4)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL));
    return this;
  }

  /** The graph. */
  public GraphProto graph() {
    return graph.build();
  }

  /** The file. */
  public byte[] bytes() {
    ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8).setGraph(graph);
    model.addOpsetImportBuilder().setVersion(17);
    return model.build().toByteArray();
  }

  private OnnxModels input(String name, int type, TensorShapeProto.Dimension last) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam("batch");
    shape.addDim(last);
    graph.addInput(
        ValueInfoProto.newBuilder()
            .setName(name)
            .setType(
                TypeProto.newBuilder()
                    .setTensorType(
                        TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape))));
    return this;
  }

  private static TensorProto table(String name, int rows) {
    int width = 8;
    TensorProto.Builder table =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addDims(rows)
            .addDims(width);
    for (int index = 0; index < rows * width; index++) {
      table.addFloatData(index);
    }
    return table.build();
  }
}

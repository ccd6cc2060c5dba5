package org.rolescope.export.graph;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.rolescope.tensors.bundle.StageWeight;

/**
 * A graph under construction. Values must be defined before they are used and names are unique;
 * breaking either is an {@link IllegalArgumentException}, for it is a defect of the caller.
 */
public final class GraphBuilder {
  private static final long OPERATOR_SET = 17;
  private static final long INTERMEDIATE_REPRESENTATION = 8;

  private final OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder();
  private final Set<String> names = new HashSet<>();

  /** An empty graph with this name. */
  public GraphBuilder(String name) {
    graph.setName(name);
  }

  /** Adds a graph input. */
  public Value input(String name, ElementType type, Dimension... dimensions) {
    graph.addInput(valueInfo(name, type, dimensions));
    return define(name);
  }

  /** Declares a value as graph output, in the order of the calls. */
  public void output(Value value, ElementType type, Dimension... dimensions) {
    checkDefined(value);
    graph.addOutput(valueInfo(value.name(), type, dimensions));
  }

  /** A constant vector of int64; the same numbers are the same value. */
  public Value integers(long... numbers) {
    ByteBuffer bytes = littleEndian(numbers.length * Long.BYTES);
    bytes.asLongBuffer().put(numbers);
    return constant(
        "constant.int64" + Arrays.toString(numbers).replace(" ", ""),
        inline(ElementType.INT64, bytes).addDims(numbers.length));
  }

  /** A constant scalar of float32; the same number is the same value. */
  public Value scalar(float number) {
    ByteBuffer bytes = littleEndian(Float.BYTES).putFloat(0, number);
    return constant("constant.float32." + number, inline(ElementType.FLOAT32, bytes));
  }

  /**
   * Adds an initialiser whose values lie in another file.
   *
   * @param weight its name, type, shape and place in that file
   * @param location the file, relative to the folder of the graph's own file
   */
  public Value external(StageWeight weight, String location) {
    graph.addInitializer(
        OnnxMl.TensorProto.newBuilder()
            .setName(weight.name())
            .setDataType(ElementType.of(weight.dataType()).onnxNumber())
            .addAllDims(weight.shape())
            .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
            .addExternalData(entry("location", location))
            .addExternalData(entry("offset", Long.toString(weight.offsetBytes())))
            .addExternalData(entry("length", Long.toString(weight.sizeBytes()))));
    return define(weight.name());
  }

  /** Applies an operator without attributes; the result has the given name. */
  public Value apply(Operator operator, String output, Value... inputs) {
    return apply(operator.with(), output, inputs);
  }

  /** Applies an operation; the result has the given name. */
  public Value apply(Operation operation, String output, Value... inputs) {
    return apply(operation, List.of(output), inputs).getFirst();
  }

  /** Applies an operation with several results, which have the given names. */
  public List<Value> apply(Operation operation, List<String> outputs, Value... inputs) {
    operation.operator().checkArity(inputs.length, outputs.size());
    OnnxMl.NodeProto.Builder node =
        OnnxMl.NodeProto.newBuilder()
            .setName(outputs.getFirst())
            .setOpType(operation.operator().onnxName())
            .addAllOutput(outputs);
    for (Value input : inputs) {
      checkDefined(input);
      node.addInput(input.name());
    }
    operation.attributes().forEach(attribute -> node.addAttribute(attribute.proto()));
    graph.addNode(node);
    return outputs.stream().map(this::define).toList();
  }

  /**
   * The finished model.
   *
   * @param producerVersion version of Rolescope to name in it
   */
  public OnnxMl.ModelProto build(String producerVersion) {
    return OnnxMl.ModelProto.newBuilder()
        .setIrVersion(INTERMEDIATE_REPRESENTATION)
        .setProducerName("rolescope")
        .setProducerVersion(producerVersion)
        .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
        .setGraph(graph)
        .build();
  }

  private Value constant(String name, OnnxMl.TensorProto.Builder tensor) {
    if (names.contains(name)) {
      return new Value(name);
    }
    graph.addInitializer(tensor.setName(name));
    return define(name);
  }

  private Value define(String name) {
    if (!names.add(name)) {
      throw new IllegalArgumentException("the graph already has a value " + name);
    }
    return new Value(name);
  }

  private void checkDefined(Value value) {
    if (!names.contains(value.name())) {
      throw new IllegalArgumentException("the graph has no value " + value.name());
    }
  }

  private static ByteBuffer littleEndian(int sizeBytes) {
    return ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static OnnxMl.TensorProto.Builder inline(ElementType type, ByteBuffer bytes) {
    return OnnxMl.TensorProto.newBuilder()
        .setDataType(type.onnxNumber())
        .setRawData(ByteString.copyFrom(bytes));
  }

  private static OnnxMl.StringStringEntryProto entry(String key, String value) {
    return OnnxMl.StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  private static OnnxMl.ValueInfoProto valueInfo(
      String name, ElementType type, Dimension... dimensions) {
    OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder();
    for (Dimension dimension : dimensions) {
      shape.addDim(dimension.proto());
    }
    return OnnxMl.ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            OnnxMl.TypeProto.newBuilder()
                .setTensorType(
                    OnnxMl.TypeProto.Tensor.newBuilder()
                        .setElemType(type.onnxNumber())
                        .setShape(shape)))
        .build();
  }
}

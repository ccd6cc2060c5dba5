package org.rolescope.inference.session;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import java.util.stream.LongStream;
import org.rolescope.tensors.bundle.StageValues;

/**
 * The graphs that give value norms. They are the runner's own and the same for every model. Weights
 * come in as inputs, so that ONNX Runtime has nothing to fold. All sums are in double precision,
 * for a square loses twice the digits that its root does.
 */
final class ValueNormGraphs {
  /** Output projection, float32, laid out as its stage has it. */
  static final String PROJECTION = "projection";

  /** Where the rows or columns of a head begin in the projection, int64 [1]. */
  static final String BEGIN = "begin";

  /** Where they end, int64 [1]. */
  static final String END = "end";

  /** W Wᵀ of a head, float64 [d_head, d_head]. */
  static final String GRAM = "gram";

  /** Values, float32 [batch, pos, key_value_head, d_head]. */
  static final String VALUES = "values";

  /** W Wᵀ of all heads, float64 [key_value_head, group, d_head, d_head]. */
  static final String GRAMS = "grams";

  /** Norms, float32 [batch, head, key_pos]. */
  static final String NORMS = "norms";

  private static final long OPERATOR_SET = 17;
  private static final long INTERMEDIATE_REPRESENTATION = 8;

  private final GraphProto.Builder graph = GraphProto.newBuilder();

  private ValueNormGraphs(String name) {
    graph.setName(name);
  }

  /**
   * {@code projection}, {@code begin}, {@code end} → {@code gram} of the head that lies there. One
   * head at a time: no more of the projection than that is copied and widened.
   */
  static ModelProto gram(StageValues.Layout layout) {
    ValueNormGraphs made = new ValueNormGraphs("gram");
    made.graph.addInput(value(PROJECTION, DataType.FLOAT, 2));
    made.graph.addInput(value(BEGIN, DataType.INT64, 1));
    made.graph.addInput(value(END, DataType.INT64, 1));
    // OUT_IN has Wᵀ, [d_model, d_head], in some of its columns; IN_OUT has W in some of its rows.
    boolean transposed = layout == StageValues.Layout.OUT_IN;
    made.integers("axis", transposed ? 1 : 0);
    made.node("Slice", "head", PROJECTION, BEGIN, END, "axis");
    made.cast("wide", "head", DataType.DOUBLE);
    made.node("Gemm", GRAM, "wide", "wide")
        .addAttribute(integer(transposed ? "transA" : "transB", 1));
    made.graph.addOutput(value(GRAM, DataType.DOUBLE, 2));
    return made.model();
  }

  /**
   * {@code values}, {@code grams} → {@code norms}: sqrt(v W Wᵀ vᵀ). The values of a key/value head
   * meet all heads of its group by broadcasting and are never repeated; the largest tensors are
   * [key_value_head, group, batch · pos, d_head].
   */
  static ModelProto norms() {
    ValueNormGraphs made = new ValueNormGraphs("norms");
    made.graph.addInput(value(VALUES, DataType.FLOAT, 4));
    made.graph.addInput(value(GRAMS, DataType.DOUBLE, 4));
    made.integers("ungrouped", 0, 1, -1, 0);
    made.integers("last", -1);
    made.cast("wide", VALUES, DataType.DOUBLE);
    made.node("Transpose", "by_head", "wide").addAttribute(permutation(2, 0, 1, 3));
    made.node("Reshape", "rows", "by_head", "ungrouped");
    made.node("MatMul", "projected", "rows", GRAMS);
    made.node("Mul", "products", "projected", "rows");
    made.node("ReduceSum", "sums", "products", "last").addAttribute(integer("keepdims", 0));
    // Where v W is nothing but rounding, the sum can be below 0 by as little.
    made.node("Abs", "squares", "sums");
    made.node("Sqrt", "roots", "squares");
    made.cast("narrow", "roots", DataType.FLOAT);
    made.node("Shape", "batch_pos", VALUES).addAttribute(integer("end", 2));
    made.node("Concat", "all_heads", "last", "batch_pos").addAttribute(integer("axis", 0));
    made.node("Reshape", "heads_first", "narrow", "all_heads");
    made.node("Transpose", NORMS, "heads_first").addAttribute(permutation(1, 0, 2));
    made.graph.addOutput(value(NORMS, DataType.FLOAT, 3));
    return made.model();
  }

  private ModelProto model() {
    return ModelProto.newBuilder()
        .setIrVersion(INTERMEDIATE_REPRESENTATION)
        .setProducerName("rolescope")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
        .setGraph(graph)
        .build();
  }

  private NodeProto.Builder node(String operator, String output, String... inputs) {
    return graph
        .addNodeBuilder()
        .setOpType(operator)
        .setName(output)
        .addOutput(output)
        .addAllInput(List.of(inputs));
  }

  private void cast(String output, String input, DataType type) {
    node("Cast", output, input).addAttribute(integer("to", type.getNumber()));
  }

  private void integers(String name, long... numbers) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(DataType.INT64.getNumber())
            .addDims(numbers.length)
            .addAllInt64Data(LongStream.of(numbers).boxed().toList()));
  }

  private static AttributeProto integer(String name, long number) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(number)
        .build();
  }

  private static AttributeProto permutation(long... axes) {
    return AttributeProto.newBuilder()
        .setName("perm")
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(LongStream.of(axes).boxed().toList())
        .build();
  }

  /** An input or output of so many axes, whose sizes the caller chooses. */
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

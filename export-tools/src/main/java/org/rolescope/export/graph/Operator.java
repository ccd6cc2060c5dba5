package org.rolescope.export.graph;

import java.util.List;
import java.util.Set;

/**
 * The ONNX operators Rolescope uses, as operator set 17 declares them: how many inputs and outputs
 * each takes and which attributes it knows.
 */
public enum Operator {
  /** a + b, broadcast. */
  ADD("Add", 2, 2),
  /** Changes the element type to attribute {@code to}. */
  CAST("Cast", 1, 1, "to"),
  /** Joins along {@code axis}. */
  CONCAT("Concat", 1, Integer.MAX_VALUE, "axis"),
  /** a / b, broadcast. */
  DIVIDE("Div", 2, 2),
  /** Rows of the first input at the indices in the second. */
  GATHER("Gather", 2, 2, "axis"),
  /** Matrix product of two matrices, either transposed, plus an optional bias. */
  GEMM("Gemm", 2, 3, "transA", "transB"),
  /** Matrix product over the last two axes, the others broadcast. */
  MATRIX_MULTIPLY("MatMul", 2, 2),
  /** a · b, broadcast. */
  MULTIPLY("Mul", 2, 2),
  /** a to the power b, broadcast. */
  POWER("Pow", 2, 2),
  /** Mean over {@code axes}. */
  REDUCE_MEAN("ReduceMean", 1, 1, "axes", "keepdims"),
  /** The same elements in the shape of the second input; 0 copies a size, -1 infers one. */
  RESHAPE("Reshape", 2, 2),
  /** The sizes of axes {@code start} to {@code end}, as int64. */
  SHAPE("Shape", 1, 1, "start", "end"),
  /** 1 / (1 + exp(-x)). */
  SIGMOID("Sigmoid", 1, 1),
  /** exp(x) over its sum along {@code axis}. */
  SOFTMAX("Softmax", 1, 1, "axis"),
  /** Equal parts along {@code axis}, as many as there are outputs. */
  SPLIT("Split", 1, 2, "axis"),
  /** Square root. */
  SQUARE_ROOT("Sqrt", 1, 1),
  /** b taken from a, broadcast. */
  SUBTRACT("Sub", 2, 2),
  /** Hyperbolic tangent. */
  TANH("Tanh", 1, 1),
  /** Axes in the order {@code perm}. */
  TRANSPOSE("Transpose", 1, 1, "perm"),
  /** Axes of size 1 at the places in the second input. */
  UNSQUEEZE("Unsqueeze", 2, 2);

  private final String onnxName;
  private final int minInputs;
  private final int maxInputs;
  private final Set<String> attributeNames;

  Operator(String onnxName, int minInputs, int maxInputs, String... attributeNames) {
    this.onnxName = onnxName;
    this.minInputs = minInputs;
    this.maxInputs = maxInputs;
    this.attributeNames = Set.of(attributeNames);
  }

  /** This operator with these attributes. */
  public Operation with(Attribute... attributes) {
    return new Operation(this, List.of(attributes));
  }

  /** Its name in the operator set. */
  String onnxName() {
    return onnxName;
  }

  /** Rejects attributes the operator does not declare. */
  void checkAttributes(List<Attribute> attributes) {
    for (Attribute attribute : attributes) {
      if (!attributeNames.contains(attribute.name())) {
        throw new IllegalArgumentException(
            "%s has no attribute %s, only %s"
                .formatted(onnxName, attribute.name(), attributeNames));
      }
    }
  }

  /** Rejects a number of inputs or outputs the operator does not declare. */
  void checkArity(int inputs, int outputs) {
    if (inputs < minInputs || inputs > maxInputs) {
      throw new IllegalArgumentException(
          "%s takes %d to %d inputs but was given %d"
              .formatted(onnxName, minInputs, maxInputs, inputs));
    }
    if (outputs < 1 || (outputs > 1 && this != SPLIT)) {
      throw new IllegalArgumentException("%s has no %d outputs".formatted(onnxName, outputs));
    }
  }
}

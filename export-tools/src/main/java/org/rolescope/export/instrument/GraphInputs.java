package org.rolescope.export.instrument;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import java.util.Set;
import org.rolescope.export.file.Wording;
import org.rolescope.fault.RolescopeException;

/** Says whether a graph can be fed with prompts. */
final class GraphInputs {
  /** Values for every token, int64 [batch, pos]. */
  private static final Set<String> OF_TOKENS =
      Set.of("input_ids", "attention_mask", "token_type_ids", "position_ids");

  private static final String TOKENS = "input_ids";
  private static final String PAST = "past_key_values";
  private static final int PAST_AXES = 4;

  private GraphInputs() {}

  /**
   * Checks the inputs of a graph.
   *
   * @throws RolescopeException MALFORMED_MODEL where it has one that cannot be fed, one of fixed
   *     size, or no {@code input_ids}
   */
  static void check(OnnxGraph graph) {
    List<ValueInfoProto> inputs =
        graph.graph().getInputList().stream()
            .filter(input -> !graph.isInitializer(input.getName()))
            .toList();
    if (inputs.stream().noneMatch(input -> input.getName().equals(TOKENS))) {
      throw graph.malformed(
          "has no input input_ids, so it is no model of text; give a model that takes token ids");
    }
    inputs.forEach(input -> check(graph, input));
  }

  private static void check(OnnxGraph graph, ValueInfoProto input) {
    TypeProto.Tensor type = input.getType().getTensorType();
    String name = Wording.oneLine(input.getName());
    if (OF_TOKENS.contains(input.getName())) {
      require(
          graph,
          type.getElemType() == TensorProto.DataType.INT64_VALUE,
          "has an input %s that is not int64; export it again with int64 inputs".formatted(name));
      require(
          graph,
          type.getShape().getDimList().stream().noneMatch(GraphInputs::isFixed),
          "has an input %s of a fixed size; export it again with dynamic axes for batch and sequence"
              .formatted(name));
      return;
    }
    boolean past = input.getName().startsWith(PAST) && type.getShape().getDimCount() == PAST_AXES;
    require(
        graph,
        past && type.getElemType() == TensorProto.DataType.FLOAT_VALUE,
        "has an input %s, which cannot be fed; supported are input_ids, attention_mask, token_type_ids, position_ids and past_key_values in float32; export the encoder or the decoder alone, without a cache"
            .formatted(name));
  }

  private static boolean isFixed(TensorShapeProto.Dimension dimension) {
    return dimension.hasDimValue();
  }

  private static void require(OnnxGraph graph, boolean holds, String otherwise) {
    if (!holds) {
      throw graph.malformed(otherwise);
    }
  }
}

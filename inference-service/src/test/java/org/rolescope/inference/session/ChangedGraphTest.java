package org.rolescope.inference.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ChangedGraphTest {
  private static final ModelProto MODEL =
      ModelProto.newBuilder()
          .setGraph(
              GraphProto.newBuilder()
                  .addNode(node("Softmax", "scores", "blocks.1.pattern"))
                  .addNode(node("Relu", "blocks.1.pattern", "rest")))
          .build();

  @Test
  void scalingComesBeforePatchingAndTheLastKeepsTheName() {
    GraphProto graph =
        ChangedGraph.of(
                MODEL,
                GraphEdit.of(
                    Set.of(
                        new GraphChange(1, GraphChange.Kind.PATTERN_PATCH),
                        new GraphChange(1, GraphChange.Kind.PATTERN_SCALE))))
            .getGraph();
    assertThat(graph.getNodeList())
        .extracting(NodeProto::getOpType)
        .containsExactly("Softmax", "Mul", "Where", "Relu");
    NodeProto scaled = graph.getNode(1);
    assertThat(scaled.getInputList())
        .containsExactly(graph.getNode(0).getOutput(0), "blocks.1.pattern.scale");
    NodeProto patched = graph.getNode(2);
    assertThat(patched.getInputList())
        .containsExactly(
            "blocks.1.pattern.is_patched", "blocks.1.pattern.patch", scaled.getOutput(0));
    assertThat(patched.getOutput(0)).isEqualTo("blocks.1.pattern");
    assertThat(graph.getNode(3)).isEqualTo(MODEL.getGraph().getNode(1));
    assertThat(graph.getInputList())
        .extracting(ValueInfoProto::getName)
        .containsExactly(
            "blocks.1.pattern.scale", "blocks.1.pattern.patch", "blocks.1.pattern.is_patched");
  }

  @Test
  void aTensorTheGraphDoesNotComputeIsNamed() {
    assertThatThrownBy(
            () ->
                ChangedGraph.of(
                    MODEL, GraphEdit.of(Set.of(new GraphChange(2, GraphChange.Kind.Z_PATCH)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("blocks.2.z");
  }

  @Test
  void whatIsShownBecomesAnOutputThatHoldsTheChangedTensor() {
    GraphProto graph =
        ChangedGraph.of(
                MODEL,
                new GraphEdit(
                    Set.of(new GraphChange(1, GraphChange.Kind.PATTERN_SCALE)),
                    Set.of("blocks.1.pattern")))
            .getGraph();
    assertThat(graph.getNode(1).getOutputList()).containsExactly("blocks.1.pattern");
    assertThat(graph.getOutputList())
        .extracting(ValueInfoProto::getName)
        .containsExactly("blocks.1.pattern");
    GraphEdit unknown = new GraphEdit(Set.of(), Set.of("blocks.1.mlp_out"));
    assertThatThrownBy(() -> ChangedGraph.of(MODEL, unknown))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("blocks.1.mlp_out");
  }

  private static NodeProto node(String type, String input, String output) {
    return NodeProto.newBuilder().setOpType(type).addInput(input).addOutput(output).build();
  }
}

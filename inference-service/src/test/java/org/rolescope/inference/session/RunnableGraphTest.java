package org.rolescope.inference.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageWeight;

final class RunnableGraphTest {
  private static final StageWeight WEIGHT =
      new StageWeight("w", 0, DType.BF16, List.of(2L, 3L), 0, 12);

  @TempDir Path bundle;

  @Test
  void aCastOfAWeightIsDroppedAndItsResultBecomesTheInitialiser() throws IOException {
    RunnableGraph graph = read(external("w"), node("Cast", "w", "wide"), node("Gemm", "wide", "y"));
    assertThat(graph.isWidened(WEIGHT)).isTrue();
    assertThat(graph.initializerName(WEIGHT)).isEqualTo("wide");
    GraphProto written = written(graph);
    assertThat(written.getNodeList()).extracting(NodeProto::getOpType).containsExactly("Gemm");
    assertThat(written.getInitializer(0).getName()).isEqualTo("wide");
    assertThat(written.getInitializer(0).getDataType()).isEqualTo(TensorProto.DataType.FLOAT_VALUE);
    assertThat(written.getInitializer(0).getExternalDataList())
        .extracting(StringStringEntryProto::getKey, StringStringEntryProto::getValue)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("location", "written.onnx"));
  }

  @Test
  void aWeightThatIsUsedInItsStoredTypeStaysAsItIs() throws IOException {
    RunnableGraph graph =
        read(external("w"), node("Gather", "w", "rows"), node("Cast", "rows", "wide"));
    assertThat(graph.isWidened(WEIGHT)).isFalse();
    assertThat(graph.initializerName(WEIGHT)).isEqualTo("w");
    assertThat(written(graph).getNodeCount()).isEqualTo(2);
  }

  @Test
  void aWeightThatIsUsedBothWaysKeepsItsCast() throws IOException {
    RunnableGraph graph =
        read(external("w"), node("Gather", "w", "rows"), node("Cast", "w", "wide"));
    assertThat(graph.isWidened(WEIGHT)).isFalse();
    assertThat(written(graph).getNodeCount()).isEqualTo(2);
  }

  @Test
  void aTableGatheredByTokenIdBecomesAnInputOfItsRows() throws IOException {
    RunnableGraph graph = read(external("w"), gather("w", "input_ids"));
    assertThat(graph.isGathered(WEIGHT)).isTrue();
    assertThat(graph.gatheredTables()).containsExactly(Map.entry("w", WEIGHT));
    GraphProto written = written(graph);
    assertThat(written.getInitializerCount()).isZero();
    assertThat(written.getInput(0).getName()).isEqualTo("w");
    assertThat(written.getInput(0).getType().getTensorType().getElemType()).isEqualTo(16);
    assertThat(written.getInput(0).getType().getTensorType().getShape().getDim(1).getDimValue())
        .isEqualTo(3);
  }

  @Test
  void aTableGatheredByPositionOrUsedOtherwiseIsLoadedWhole() throws IOException {
    assertThat(read(external("w"), gather("w", "position_ids")).isGathered(WEIGHT)).isFalse();
    assertThat(
            read(external("w"), gather("w", "input_ids"), node("Shape", "w", "s"))
                .isGathered(WEIGHT))
        .isFalse();
  }

  @Test
  void externalDataTheManifestDoesNotKnowIsRefused() {
    assertDamaged("knows no weight passwd", external("passwd"));
  }

  @Test
  void aWeightTheGraphDoesNotHaveIsRefused() {
    assertDamaged("has no initialiser w", TensorProto.newBuilder().setName("inline").build());
  }

  @Test
  void aFileThatIsNoModelIsRefused() throws IOException {
    Files.write(bundle.resolve("stage.onnx"), new byte[] {(byte) 0xff, 1, 2, 3});
    assertThatThrownBy(() -> RunnableGraph.read(bundle, stage(), ComputeType.FLOAT32))
        .isInstanceOf(RolescopeException.class)
        .hasMessageContaining("it is no ONNX model");
  }

  private void assertDamaged(String reason, TensorProto initializer) {
    assertThatThrownBy(() -> read(initializer))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.MALFORMED_MODEL))
        .hasMessageContaining(reason);
  }

  private RunnableGraph read(TensorProto initializer, NodeProto... nodes) throws IOException {
    ModelProto model =
        ModelProto.newBuilder()
            .setGraph(
                GraphProto.newBuilder().addInitializer(initializer).addAllNode(List.of(nodes)))
            .build();
    Files.write(bundle.resolve("stage.onnx"), model.toByteArray());
    return RunnableGraph.read(bundle, stage(), ComputeType.FLOAT32);
  }

  private GraphProto written(RunnableGraph graph) throws IOException {
    Path file = bundle.resolve("written.onnx");
    graph.write(file);
    return ModelProto.parseFrom(Files.readAllBytes(file)).getGraph();
  }

  private static Stage stage() {
    return new Stage("stage.onnx", Stage.Kind.EMBED, 0, 0, List.of(), List.of(WEIGHT));
  }

  private static TensorProto external(String name) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(16)
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(
            StringStringEntryProto.newBuilder().setKey("location").setValue("model.safetensors"))
        .build();
  }

  private static NodeProto gather(String table, String indices) {
    return node("Gather", table, "rows").toBuilder().addInput(indices).build();
  }

  private static NodeProto node(String type, String input, String output) {
    return NodeProto.newBuilder().setOpType(type).addInput(input).addOutput(output).build();
  }
}

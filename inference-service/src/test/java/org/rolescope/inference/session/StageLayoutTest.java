package org.rolescope.inference.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageWeight;

final class StageLayoutTest {
  @TempDir private Path bundle;

  @Test
  void everyWeightBeginsAtACacheLine() throws IOException {
    StageLayout layout = layout(weight("a", DType.BF16, 3), weight("b", DType.F32, 5));
    assertThat(layout.placements())
        .extracting(StageLayout.Placement::offsetBytes, StageLayout.Placement::sizeBytes)
        .containsExactly(tuple(0L, 12L), tuple(64L, 20L));
    assertThat(layout.rawBytes()).isEqualTo(6 + 20);
    assertThat(layout.settledBytes()).isEqualTo(128);
  }

  @Test
  void whatThePoolProvidesIsEnough() throws IOException {
    StageWeight[] weights = {weight("a", DType.BF16, 1000), weight("b", DType.F32, 77)};
    StageLayout layout = layout(weights);
    Stage stage = stage(weights);
    assertThat(StageLayout.largestSettledBytes(stage))
        .isGreaterThanOrEqualTo(layout.settledBytes());
  }

  @Test
  void aTensorThatIsTooLargeInFloat32IsRefused() {
    assertThatThrownBy(() -> layout(weight("a", DType.BF16, 1L << 29)))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.MALFORMED_MODEL))
        .hasMessageContaining("The tensor a takes 2147483648 bytes as F32")
        .hasMessageContaining("export the model again");
  }

  private StageLayout layout(StageWeight... weights) throws IOException {
    GraphProto.Builder graph = GraphProto.newBuilder();
    for (StageWeight weight : weights) {
      graph.addInitializer(
          TensorProto.newBuilder()
              .setName(weight.name())
              .setDataLocation(TensorProto.DataLocation.EXTERNAL));
      if (weight.dataType() != DType.F32) {
        graph.addNode(
            NodeProto.newBuilder()
                .setOpType("Cast")
                .addInput(weight.name())
                .addOutput(weight.name() + ".float32"));
      }
    }
    Files.write(
        bundle.resolve("stage.onnx"),
        ModelProto.newBuilder().setGraph(graph).build().toByteArray());
    Stage stage = stage(weights);
    return StageLayout.of(RunnableGraph.read(bundle, stage, ComputeType.FLOAT32), stage);
  }

  private static Stage stage(StageWeight... weights) {
    return new Stage("stage.onnx", Stage.Kind.BLOCKS, 0, 0, List.of(), List.of(weights));
  }

  private static StageWeight weight(String name, DType type, long elements) {
    return new StageWeight(name, 0, type, List.of(elements), 0, elements * type.sizeBytes());
  }
}

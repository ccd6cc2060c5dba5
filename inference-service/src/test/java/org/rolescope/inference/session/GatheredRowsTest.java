package org.rolescope.inference.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.bundle.AttentionKind;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.ModelDimensions;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageWeight;
import org.rolescope.tensors.bundle.WeightFile;

/** Embedding tables beyond 2 GiB, in sparse files. */
final class GatheredRowsTest {
  private static final long ROWS = 300_000;
  private static final int WIDTH = 4096;
  private static final String TABLE = "table";

  @TempDir private Path bundle;

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(NativeHandles.open()).isZero();
    assertThat(NativeHandles.resident()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F16", "BF16"})
  void rowsOfATableBeyondTwoGibibytesAreTheRowsOnDisk(DType type) throws IOException {
    BundleManifest manifest = bundle(type, false);
    putRow(type, 0, 1);
    putRow(type, 7, 2);
    putRow(type, ROWS - 1, 3);
    long[] ids = {ROWS - 1, 7, 7, 0, ROWS - 1, 1};
    assertThat(firstOfEachRow(manifest, ids)).containsExactly(3, 2, 2, 1, 3, 0);
  }

  @Test
  void aTableThatIsCastBeforeItIsGatheredIsFedInFloat32() throws IOException {
    BundleManifest manifest = bundle(DType.BF16, true);
    putRow(DType.BF16, ROWS - 1, 3);
    assertThat(firstOfEachRow(manifest, 5, ROWS - 1)).containsExactly(0, 3);
  }

  @Test
  void anIdBeyondTheTableIsRefused() throws IOException {
    BundleManifest manifest = bundle(DType.BF16, false);
    assertThatThrownBy(() -> firstOfEachRow(manifest, 0, ROWS))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.MALFORMED_MODEL))
        .hasMessageContaining("Token 300000 has no row in the tensor table of 300000 rows");
  }

  private float[] firstOfEachRow(BundleManifest manifest, long... ids) {
    try (ModelResidency residency = new ModelResidency(1);
        StageFeed feed = residency.lend(bundle, manifest, manifest.stages().subList(0, 1));
        OpenStage embed = feed.next();
        StageTensor tokenIds = StageTensor.ofLongs(ids, 1, ids.length)) {
      assertThat(embed.inputNames()).containsExactly("input_ids");
      assertThat(embed.loadTimes().readBytes()).isZero();
      try (StageTensor rows =
          embed.run(Map.of("input_ids", tokenIds), Set.of("resid_post")).get("resid_post")) {
        assertThat(rows.shape()).containsExactly(1, ids.length, WIDTH);
        ByteBuffer values = rows.copyBytes().order(ByteOrder.nativeOrder());
        float[] firsts = new float[ids.length];
        for (int row = 0; row < ids.length; row++) {
          firsts[row] = values.getFloat(row * WIDTH * Float.BYTES);
        }
        return firsts;
      }
    }
  }

  private BundleManifest bundle(DType type, boolean castFirst) throws IOException {
    long size = ROWS * WIDTH * type.sizeBytes();
    assertThat(size).isGreaterThan(Integer.MAX_VALUE);
    Path file = bundle.resolve("weights");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), size - 1);
    }
    Files.write(bundle.resolve("embed.onnx"), graph(type, castFirst).toByteArray());
    StageWeight table = new StageWeight(TABLE, 0, type, List.of(ROWS, (long) WIDTH), 0, size);
    return new BundleManifest(
        BundleManifest.FORMAT_VERSION,
        "test",
        "digest",
        new ModelDimensions("llama", 1, 1, 1, 2, WIDTH, 1, (int) ROWS, 16, 1),
        null,
        0,
        List.of(
            new Stage("embed.onnx", Stage.Kind.EMBED, 0, 0, List.of(), List.of(table)),
            new Stage("block.onnx", Stage.Kind.BLOCKS, 0, 0, List.of(), List.of()),
            new Stage("unembed.onnx", Stage.Kind.UNEMBED, 0, 0, List.of(), List.of())),
        List.of(new WeightFile("weights", file.toString(), size, "fingerprint")),
        "tokenizer.json",
        AttentionKind.CAUSAL,
        List.of(),
        null);
  }

  private void putRow(DType type, long row, float value) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(type.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
    switch (type) {
      case F32 -> bytes.putFloat(value);
      case F16 -> bytes.putShort(Float.floatToFloat16(value));
      case BF16 -> bytes.putShort((short) (Float.floatToRawIntBits(value) >>> Short.SIZE));
      case I64 -> throw new IllegalStateException();
    }
    try (FileChannel channel =
        FileChannel.open(bundle.resolve("weights"), StandardOpenOption.WRITE)) {
      channel.write(bytes.flip(), row * WIDTH * type.sizeBytes());
    }
  }

  private static ModelProto graph(DType type, boolean castFirst) {
    int stored =
        switch (type) {
          case F32 -> TensorProto.DataType.FLOAT_VALUE;
          case F16 -> TensorProto.DataType.FLOAT16_VALUE;
          case BF16 -> TensorProto.DataType.BFLOAT16_VALUE;
          case I64 -> throw new IllegalStateException();
        };
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName("embed")
            .addInput(value("input_ids", TensorProto.DataType.INT64_VALUE, 2))
            .addOutput(value("resid_post", TensorProto.DataType.FLOAT_VALUE, 3))
            .addInitializer(
                TensorProto.newBuilder()
                    .setName(TABLE)
                    .setDataType(stored)
                    .addDims(ROWS)
                    .addDims(WIDTH)
                    .setDataLocation(TensorProto.DataLocation.EXTERNAL));
    if (type == DType.F32) {
      graph.addNode(node("Gather", "resid_post", TABLE, "input_ids"));
    } else if (castFirst) {
      graph.addNode(cast("wide", TABLE)).addNode(node("Gather", "resid_post", "wide", "input_ids"));
    } else {
      graph.addNode(node("Gather", "rows", TABLE, "input_ids")).addNode(cast("resid_post", "rows"));
    }
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(graph)
        .build();
  }

  private static NodeProto cast(String output, String input) {
    return node("Cast", output, input).toBuilder()
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("to")
                .setType(AttributeProto.AttributeType.INT)
                .setI(TensorProto.DataType.FLOAT_VALUE))
        .build();
  }

  private static NodeProto node(String type, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(type)
        .addAllInput(List.of(inputs))
        .addOutput(output)
        .build();
  }

  private static ValueInfoProto value(String name, int type, int rank) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int axis = 0; axis < rank; axis++) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(name + axis));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
        .build();
  }
}

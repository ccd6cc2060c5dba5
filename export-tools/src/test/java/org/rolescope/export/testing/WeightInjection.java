package org.rolescope.export.testing;

import ai.onnx.proto.OnnxMl;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.bundle.StageWeight;

/**
 * Hands the weights of a stage to its session, as a runner does: where the graph casts a weight,
 * the Cast is dropped and the weight is given in float32 under its result's name. (Injecting 16
 * bits and keeping the Cast does not do: constant folding would still read the file.)
 */
final class WeightInjection implements AutoCloseable {
  private static final String WIDENED = ".float32";

  private final List<OnnxTensor> tensors = new ArrayList<>();
  private final List<Path> sources;

  /** Weights from these files, in the order of the manifest. */
  WeightInjection(List<Path> sources) {
    this.sources = List.copyOf(sources);
  }

  /** Writes the altered graph beside the stage and adds the weights to the options. */
  Path apply(Path stage, List<StageWeight> weights, OrtSession.SessionOptions options)
      throws IOException, OrtException {
    Set<String> names = weights.stream().map(StageWeight::name).collect(Collectors.toSet());
    OnnxMl.ModelProto.Builder model =
        OnnxMl.ModelProto.parseFrom(Files.readAllBytes(stage)).toBuilder();
    Set<String> cast = dropCasts(model.getGraphBuilder(), names);
    for (StageWeight weight : weights) {
      boolean widened = cast.contains(weight.name());
      tensors.add(widened ? floats(weight) : stored(weight));
      options.addInitializer(weight.name() + (widened ? WIDENED : ""), tensors.getLast());
    }
    Path altered = stage.resolveSibling("injected_" + stage.getFileName());
    return Files.write(altered, model.build().toByteArray());
  }

  /** Turns each cast weight into a float32 initialiser; returns the names of those weights. */
  private static Set<String> dropCasts(OnnxMl.GraphProto.Builder graph, Set<String> weights) {
    Map<Boolean, List<OnnxMl.NodeProto>> nodes =
        graph.getNodeList().stream()
            .collect(Collectors.partitioningBy(node -> isCast(node, weights)));
    graph.clearNode().addAllNode(nodes.get(false));
    Set<String> cast =
        nodes.get(true).stream().map(node -> node.getInput(0)).collect(Collectors.toSet());
    for (OnnxMl.TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
      if (cast.contains(tensor.getName())) {
        tensor
            .setName(tensor.getName() + WIDENED)
            .setDataType(OnnxMl.TensorProto.DataType.FLOAT_VALUE);
      }
    }
    return cast;
  }

  private static boolean isCast(OnnxMl.NodeProto node, Set<String> weights) {
    return node.getOpType().equals("Cast") && weights.contains(node.getInput(0));
  }

  private OnnxTensor stored(StageWeight weight) throws IOException, OrtException {
    OnnxJavaType type =
        switch (weight.dataType()) {
          case F32 -> OnnxJavaType.FLOAT;
          case F16 -> OnnxJavaType.FLOAT16;
          case BF16 -> OnnxJavaType.BFLOAT16;
          case I64 -> OnnxJavaType.INT64;
        };
    return OnnxTensor.createTensor(
        OrtEnvironment.getEnvironment(), read(weight), shape(weight), type);
  }

  private OnnxTensor floats(StageWeight weight) throws IOException, OrtException {
    ByteBuffer halves = read(weight);
    FloatBuffer floats =
        ByteBuffer.allocateDirect(2 * halves.remaining())
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    while (floats.hasRemaining()) {
      short bits = halves.getShort();
      floats.put(
          weight.dataType() == DType.F16
              ? Float.float16ToFloat(bits)
              : Float.intBitsToFloat(bits << 16));
    }
    return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), floats.flip(), shape(weight));
  }

  private ByteBuffer read(StageWeight weight) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Math.toIntExact(weight.sizeBytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(sources.get(weight.file()))) {
      channel.read(bytes, weight.offsetBytes());
    }
    return bytes.flip();
  }

  private static long[] shape(StageWeight weight) {
    return weight.shape().stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public void close() {
    tensors.forEach(OnnxTensor::close);
  }
}

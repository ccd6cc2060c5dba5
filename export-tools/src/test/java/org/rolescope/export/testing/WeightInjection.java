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
import org.rolescope.tensors.bundle.StageWeight;

/**
 * Hands the BF16 weights of a stage to its session, as a runner does: where the graph casts a
 * weight, the Cast is dropped and the weight is given in float32 under its result's name.
 * (Injecting 16 bits and keeping the Cast does not do: constant folding would still read the file.)
 */
final class WeightInjection implements AutoCloseable {
  private static final String WIDENED = ".float32";

  private final List<OnnxTensor> tensors = new ArrayList<>();
  private final Path source;

  /** Weights from this file. */
  WeightInjection(Path source) {
    this.source = source;
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
    return OnnxTensor.createTensor(
        OrtEnvironment.getEnvironment(), read(weight), shape(weight), OnnxJavaType.BFLOAT16);
  }

  private OnnxTensor floats(StageWeight weight) throws IOException, OrtException {
    ByteBuffer halves = read(weight);
    FloatBuffer floats =
        ByteBuffer.allocateDirect(2 * halves.remaining())
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    while (floats.hasRemaining()) {
      floats.put(Float.intBitsToFloat(halves.getShort() << 16));
    }
    return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), floats.flip(), shape(weight));
  }

  private ByteBuffer read(StageWeight weight) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Math.toIntExact(weight.sizeBytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(source)) {
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

package org.rolescope.export.instrument;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a graph with more outputs. Protobuf joins messages that are written one behind the other,
 * and lists in them grow: so the file is the original, byte by byte, with the new outputs behind
 * it.
 */
public final class TappedGraph {
  private TappedGraph() {}

  /**
   * Writes a graph.
   *
   * @param graph the graph as it is
   * @param patterns values of it that become outputs: float32 [batch, head, query_pos, key_pos]
   * @param target file to create
   */
  public static void write(OnnxGraph graph, List<String> patterns, Path target) throws IOException {
    Set<String> outputs =
        graph.graph().getOutputList().stream()
            .map(ValueInfoProto::getName)
            .collect(Collectors.toSet());
    GraphProto.Builder more = GraphProto.newBuilder();
    patterns.stream()
        .filter(name -> !outputs.contains(name))
        .forEach(name -> more.addOutput(pattern(name)));
    Files.copy(graph.file(), target);
    try (OutputStream end =
        Files.newOutputStream(target, java.nio.file.StandardOpenOption.APPEND)) {
      ModelProto.newBuilder().setGraph(more).build().writeTo(end);
    }
  }

  private static ValueInfoProto pattern(String name) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    Stream.of("batch", "head", "query_pos", "key_pos")
        .forEach(axis -> shape.addDimBuilder().setDimParam("rolescope_" + axis));
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT_VALUE)
                        .setShape(shape)))
        .build();
  }
}

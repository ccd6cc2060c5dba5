package org.rolescope.export.instrument;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.rolescope.export.file.FileFaults;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * A model in one ONNX file, weights included. Of its nodes only those at the top are looked at;
 * what lies in the branches of an {@code If} or in functions cannot be tapped.
 */
public final class OnnxGraph {
  /** What a protobuf message, and so an ONNX file, can have at most. */
  private static final long MAX_SIZE_BYTES = Integer.MAX_VALUE;

  private final Path file;
  private final ModelProto model;
  private final Map<String, TensorProto> initializers = new HashMap<>();

  private OnnxGraph(Path file, ModelProto model) {
    this.file = file;
    this.model = model;
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      initializers.put(tensor.getName(), tensor);
    }
  }

  /**
   * Reads a model. Its weights are not copied into memory.
   *
   * @throws RolescopeException NOT_FOUND where the file cannot be read, MALFORMED_MODEL where it is
   *     no ONNX model, or its weights lie in other files
   */
  public static OnnxGraph read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new RolescopeException(
          FaultCode.NOT_FOUND,
          "There is no file %s; give the ONNX file of the model".formatted(file));
    }
    OnnxGraph graph = new OnnxGraph(file, parse(file));
    if (graph.nodes().isEmpty()) {
      throw graph.malformed("is no ONNX model; give the .onnx file of the model");
    }
    graph.checkWeightsInside();
    return graph;
  }

  /** Where it was read from. */
  public Path file() {
    return file;
  }

  /** The nodes at the top, in the order of the file, which ONNX wants to be topological. */
  List<NodeProto> nodes() {
    return model.getGraph().getNodeList();
  }

  /** The graph itself. */
  GraphProto graph() {
    return model.getGraph();
  }

  /** Its weights and constants, by name; empty tensors where there is none of a name. */
  TensorProto initializer(String name) {
    return initializers.getOrDefault(name, TensorProto.getDefaultInstance());
  }

  /** Whether a value is a weight or constant. */
  boolean isInitializer(String name) {
    return initializers.containsKey(name);
  }

  /** Number of weights: elements of all tensors with two axes or more. */
  long parameterCount() {
    long count = 0;
    for (TensorProto tensor : initializers.values()) {
      long elements = 1;
      for (long size : tensor.getDimsList()) {
        if (size < 0) {
          throw malformed("has a tensor of size " + size + "; export it again");
        }
        elements = elements > MAX_SIZE_BYTES ? elements : elements * Math.max(1, size);
      }
      count += elements;
    }
    return count;
  }

  /** The opset of the standard operators. */
  long opset() {
    return model.getOpsetImportList().stream()
        .filter(imported -> isStandard(imported.getDomain()))
        .mapToLong(imported -> imported.getVersion())
        .max()
        .orElse(1);
  }

  /** Whether a domain is that of the standard operators. */
  static boolean isStandard(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  /** The fault of a file that is not as it should be: the sentence begins with its name. */
  RolescopeException malformed(String what) {
    return new RolescopeException(FaultCode.MALFORMED_MODEL, file + " " + what);
  }

  private static ModelProto parse(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() > MAX_SIZE_BYTES) {
        throw new RolescopeException(
            FaultCode.MALFORMED_MODEL,
            "%s has %d bytes; an ONNX file has at most %d"
                .formatted(file, channel.size(), MAX_SIZE_BYTES));
      }
      ByteBuffer content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      CodedInputStream input = UnsafeByteOperations.unsafeWrap(content).newCodedInput();
      // Weights then stay in the file: they are as large as the model and nobody looks at them.
      input.enableAliasing(true);
      return ModelProto.parseFrom(input);
    } catch (InvalidProtocolBufferException invalid) {
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          file + " is no ONNX model, or a part of one; download or export it again",
          invalid);
    } catch (IOException unreadable) {
      throw FileFaults.unreadable(file, unreadable);
    }
  }

  private void checkWeightsInside() {
    Stream.concat(
            initializers.values().stream(),
            nodes().stream()
                .flatMap(node -> node.getAttributeList().stream())
                .map(AttributeProto::getT))
        .filter(tensor -> tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL)
        .findFirst()
        .ifPresent(
            tensor -> {
              throw malformed(
                  "keeps its weights in other files, which is not supported; save it as one file, with onnx.save_model(onnx.load(\"%s\"), \"one-file.onnx\")"
                      .formatted(file.getFileName()));
            });
  }
}

package org.rolescope.inference.session;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageWeight;

/**
 * A stage as it is run. A whole model is run from its own file, just as it is. Of the others: where
 * its graph casts a 16-bit weight to float32, the Cast is dropped and its result becomes the
 * initialiser, to be injected in float32. A table whose rows are gathered by token id becomes an
 * input, to be fed with the rows of the tokens at hand and never loaded whole.
 *
 * <p>Injecting 16 bits and keeping the Cast will not do: ONNX Runtime folds the Cast when it loads
 * the graph, reads the weight from the file for that and ignores what was injected.
 */
final class RunnableGraph {
  private static final long MAX_SIZE_BYTES = 256L << 20;
  private static final String CAST = "Cast";

  private final GraphProto.Builder graph;
  private ModelProto prepared;
  private final Map<String, String> widenedNames = new HashMap<>();
  private Map<String, StageWeight> gatheredTables = Map.of();
  private Set<String> halvedNames = Set.of();
  private Path unchanged;

  private RunnableGraph(ModelProto.Builder model) {
    this.graph = model.getGraphBuilder();
  }

  /**
   * Reads a stage and prepares it.
   *
   * @param bundle folder of the bundle
   * @param stage the stage
   * @param computeType the numbers of its matrix products
   * @throws RolescopeException MALFORMED_MODEL where the file is no ONNX model or refers to files
   *     the manifest does not know; INVALID_ARGUMENT where a whole model is to compute in float16
   */
  static RunnableGraph read(Path bundle, Stage stage, ComputeType computeType) {
    Path file = bundle.resolve(stage.file());
    if (stage.kind() == Stage.Kind.MODEL) {
      if (computeType != ComputeType.FLOAT32) {
        throw new RolescopeException(
            FaultCode.INVALID_ARGUMENT,
            "Model %s was instrumented and runs as it was made; use the compute type float32"
                .formatted(bundle.getFileName()));
      }
      return unchanged(file);
    }
    try {
      if (Files.size(file) > MAX_SIZE_BYTES) {
        throw malformed(file, "it is larger than " + MAX_SIZE_BYTES + " bytes", null);
      }
      ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
      RunnableGraph runnable = new RunnableGraph(model);
      runnable.checkExternalData(file, stage.weights());
      runnable.widenCasts(stage.weights());
      runnable.gatheredTables = GatheredTables.feed(runnable.graph, runnable.byInitializer(stage));
      if (computeType == ComputeType.FLOAT16) {
        runnable.halvedNames = HalfPrecision.apply(runnable.graph, runnable.float32Names(stage));
      }
      runnable.prepared = model.build();
      return runnable;
    } catch (InvalidProtocolBufferException invalid) {
      throw malformed(file, "it is no ONNX model", invalid);
    } catch (IOException unreadable) {
      throw malformed(file, "it cannot be read", unreadable);
    }
  }

  /**
   * The same stage with inputs that change tensors while it runs, or with more outputs. It takes
   * the same weights.
   *
   * @param stage the stage this is
   * @param edit what is added
   * @throws RolescopeException MALFORMED_MODEL where the graph does not compute a tensor to be
   *     changed or shown
   */
  RunnableGraph changed(Stage stage, GraphEdit edit) {
    return derived(stage, "intervened on or captured there", model -> ChangedGraph.of(model, edit));
  }

  /**
   * The same stage with keys and values of earlier tokens as inputs. It takes the same weights.
   *
   * @param stage the stage this is
   * @param changes tensors to change besides; may be none
   * @throws RolescopeException MALFORMED_MODEL where the graph does not compute keys, values or a
   *     tensor to be changed
   */
  RunnableGraph caching(Stage stage, Set<GraphChange> changes) {
    RunnableGraph changed = changes.isEmpty() ? this : changed(stage, GraphEdit.of(changes));
    return changed.derived(
        stage, "used to generate", model -> CachingGraph.of(model, CachedTensor.of(stage)));
  }

  /**
   * A stage made of this one.
   *
   * @param use what it is for, for faults
   * @param change makes its graph; fails with the name of a tensor that is not there
   */
  private RunnableGraph derived(Stage stage, String use, UnaryOperator<ModelProto> change) {
    RunnableGraph changed = new RunnableGraph(ModelProto.newBuilder());
    try {
      changed.prepared = change.apply(prepared);
    } catch (IllegalArgumentException missing) {
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "Stage %s does not compute %s, so it cannot be %s; export the model again"
              .formatted(stage.file(), missing.getMessage(), use),
          missing);
    }
    changed.widenedNames.putAll(widenedNames);
    changed.gatheredTables = gatheredTables;
    changed.halvedNames = halvedNames;
    return changed;
  }

  /** The type in which the graph takes a weight. */
  DType injectedType(StageWeight weight) {
    if (halvedNames.contains(initializerName(weight))) {
      return DType.F16;
    }
    return isWidened(weight) ? DType.F32 : weight.dataType();
  }

  private static RunnableGraph unchanged(Path file) {
    if (!Files.isRegularFile(file)) {
      throw malformed(file, "it is gone", null);
    }
    RunnableGraph graph = new RunnableGraph(ModelProto.newBuilder());
    graph.unchanged = file;
    return graph;
  }

  /** The file to run just as it is; empty where the graph has to be written first. */
  Optional<Path> unchanged() {
    return Optional.ofNullable(unchanged);
  }

  /** Size of the file to run just as it is, which holds its weights; 0 for others. */
  long ownBytes() {
    try {
      return unchanged == null ? 0 : Files.size(unchanged);
    } catch (IOException unreadable) {
      throw malformed(unchanged, "it cannot be read", unreadable);
    }
  }

  /** Whether the initialiser of this weight is injected in float32 instead of its stored type. */
  boolean isWidened(StageWeight weight) {
    return widenedNames.containsKey(weight.name());
  }

  /** Name of the initialiser that takes this weight. */
  String initializerName(StageWeight weight) {
    return widenedNames.getOrDefault(weight.name(), weight.name());
  }

  /** Whether rows of this weight are fed instead of the whole. */
  boolean isGathered(StageWeight weight) {
    return gatheredTables.containsKey(initializerName(weight));
  }

  /** The weights whose rows are fed, by name of the input that takes them. */
  Map<String, StageWeight> gatheredTables() {
    return gatheredTables;
  }

  /**
   * Writes the graph. ONNX Runtime wants the files of external data to exist under the folder of
   * the graph even where every initialiser is injected, so each names the graph's own file. Passes
   * may write at once.
   */
  void write(Path file) throws IOException {
    StringStringEntryProto self =
        StringStringEntryProto.newBuilder()
            .setKey("location")
            .setValue(file.getFileName().toString())
            .build();
    ModelProto.Builder written = prepared.toBuilder();
    for (TensorProto.Builder tensor : written.getGraphBuilder().getInitializerBuilderList()) {
      if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
        tensor.clearExternalData().addExternalData(self);
      }
    }
    Files.write(file, written.build().toByteArray());
  }

  private Map<String, StageWeight> byInitializer(Stage stage) {
    return stage.weights().stream()
        .collect(Collectors.toMap(this::initializerName, Function.identity()));
  }

  private Set<String> float32Names(Stage stage) {
    return stage.weights().stream()
        .filter(weight -> !isGathered(weight))
        .filter(weight -> isWidened(weight) || weight.dataType() == DType.F32)
        .map(this::initializerName)
        .collect(Collectors.toSet());
  }

  private void checkExternalData(Path file, List<StageWeight> weights) {
    Set<String> known = weights.stream().map(StageWeight::name).collect(Collectors.toSet());
    for (TensorProto tensor : graph.getInitializerList()) {
      if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL
          && !known.remove(tensor.getName())) {
        throw malformed(file, "the manifest knows no weight " + tensor.getName(), null);
      }
    }
    if (!known.isEmpty()) {
      throw malformed(file, "it has no initialiser " + known.iterator().next(), null);
    }
  }

  private void widenCasts(List<StageWeight> weights) {
    Set<String> names = weights.stream().map(StageWeight::name).collect(Collectors.toSet());
    Set<String> usedOtherwise = new HashSet<>();
    Map<String, String> casts = new HashMap<>();
    for (NodeProto node : graph.getNodeList()) {
      if (isCastOf(node, names)) {
        casts.put(node.getInput(0), node.getOutput(0));
      } else {
        usedOtherwise.addAll(node.getInputList());
      }
    }
    casts.keySet().removeAll(usedOtherwise);
    widenedNames.putAll(casts);
    dropCasts();
    for (TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
      if (casts.containsKey(tensor.getName())) {
        tensor.setName(casts.get(tensor.getName())).setDataType(TensorProto.DataType.FLOAT_VALUE);
      }
    }
  }

  private void dropCasts() {
    List<NodeProto> kept =
        graph.getNodeList().stream()
            .filter(node -> !isCastOf(node, widenedNames.keySet()))
            .toList();
    graph.clearNode().addAllNode(kept);
  }

  private static boolean isCastOf(NodeProto node, Set<String> weights) {
    return node.getOpType().equals(CAST) && weights.contains(node.getInput(0));
  }

  private static RolescopeException malformed(Path file, String reason, IOException cause) {
    return new RolescopeException(
        FaultCode.MALFORMED_MODEL,
        "Stage %s is damaged: %s; export the model again".formatted(file, reason),
        cause);
  }
}

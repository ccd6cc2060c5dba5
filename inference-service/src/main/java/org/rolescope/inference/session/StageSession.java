package org.rolescope.inference.session;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageWeight;

/** One loaded stage over its weights. Passes may share it. */
final class StageSession implements AutoCloseable {
  private final Stage stage;
  private final RunnableGraph graph;
  private final StageWeights weights;
  private final Execution execution;
  private final NativeHandles.Handle handle;
  private final OrtSession session;

  /**
   * Loads a stage. Takes the weights over, also where it fails.
   *
   * @param stage the stage, as in its manifest
   * @param graph its graph
   * @param weights its weights
   * @param execution how it is run
   * @param scope whose life it shares
   * @throws RolescopeException MALFORMED_MODEL where graph and weights do not fit
   */
  StageSession(
      Stage stage,
      RunnableGraph graph,
      StageWeights weights,
      Execution execution,
      NativeHandles.Scope scope) {
    this.stage = stage;
    this.graph = graph;
    this.weights = weights;
    this.execution = execution;
    try {
      this.session = load(stage, graph, weights, execution);
    } catch (RuntimeException failed) {
      weights.close();
      throw failed;
    }
    this.handle = new NativeHandles.Handle(scope);
  }

  /**
   * The stage once more over the same weights, with inputs that change tensors while it runs, or
   * with more outputs.
   *
   * @param edit what is added
   * @return a session of a pass; the caller closes it before this one
   * @throws RolescopeException MALFORMED_MODEL where the graph does not compute a tensor to be
   *     changed or shown
   */
  StageSession changed(GraphEdit edit) {
    return new StageSession(
        stage, graph.changed(stage, edit), weights.lent(), execution, NativeHandles.Scope.PASS);
  }

  /**
   * The stage for continuing a text: blocks with keys and values of the tokens before as inputs,
   * those of all tokens as outputs, and no taps.
   *
   * @param changes tensors to change while it runs; may be none
   * @param scope whose life it shares
   * @return a session over the same weights, to be closed before this one; or this, where there are
   *     no blocks
   * @throws RolescopeException MALFORMED_MODEL where the graph does not compute keys, values or a
   *     tensor to be changed
   */
  StageSession continuing(Set<GraphChange> changes, NativeHandles.Scope scope) {
    return switch (stage.kind()) {
      case EMBED, UNEMBED, MODEL -> this;
      case BLOCKS ->
          new StageSession(stage, graph.caching(stage, changes), weights.lent(), execution, scope);
    };
  }

  /**
   * Runs the stage once.
   *
   * @param inputs all inputs by name; they stay the caller's
   * @param outputs names of the outputs wanted
   * @return the outputs by name; the caller closes each
   */
  Map<String, StageTensor> run(Map<String, OnnxTensor> inputs, Set<String> outputs) {
    try {
      // The result itself is not closed: its tensors go on living, each with its own owner.
      Map<String, StageTensor> results = new HashMap<>();
      for (Map.Entry<String, OnnxValue> output : session.run(inputs, outputs)) {
        results.put(output.getKey(), new StageTensor((OnnxTensor) output.getValue()));
      }
      return results;
    } catch (OrtException failed) {
      throw OnnxRuntime.failure("stage " + stage.file(), failed);
    }
  }

  /** The stage this session runs. */
  Stage stage() {
    return stage;
  }

  /** Names of all inputs. */
  Set<String> inputNames() {
    return session.getInputNames();
  }

  /**
   * Sizes of the inputs the graph declares, by name; -1 for those it leaves open.
   *
   * @throws RolescopeException MALFORMED_MODEL where an input is no tensor
   */
  Map<String, long[]> inputShapes() {
    return SessionInputs.shapes(session, "stage " + stage.file());
  }

  /** The weights of which a run is fed rows, by name of the input that takes them. */
  Map<String, StageWeight> gatheredTables() {
    return graph.gatheredTables();
  }

  /** Whether rows of this weight are fed in float32. */
  boolean isWidened(StageWeight weight) {
    return graph.isWidened(weight);
  }

  /**
   * A weight in float32, as the graph takes it; one it takes in float16 is widened.
   *
   * @param name its name in the checkpoint
   * @param use reads the tensor, which is gone afterwards
   * @return what the reader made of it
   * @throws RolescopeException MALFORMED_MODEL where the graph takes it in no such type
   */
  <T> T float32(String name, Function<OnnxTensor, T> use) {
    OnnxTensor tensor = weights.tensors().get(graph.initializerName(stage.weight(name)));
    OnnxJavaType type = tensor == null ? OnnxJavaType.UNKNOWN : tensor.getInfo().type;
    return switch (type) {
      case FLOAT -> use.apply(tensor);
      case FLOAT16 -> {
        try (StageTensor wide =
            StageTensor.ofFloats(tensor.getFloatBuffer(), tensor.getInfo().getShape())) {
          yield use.apply(wide.onnx());
        }
      }
      default ->
          throw new RolescopeException(
              FaultCode.MALFORMED_MODEL,
              "Stage %s does not take the weight %s in float32; export the model again"
                  .formatted(stage.file(), name));
    };
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException failed) {
      throw OnnxRuntime.failure("closing stage " + stage.file(), failed);
    } finally {
      weights.close();
      handle.close();
    }
  }

  private static OrtSession load(
      Stage stage, RunnableGraph graph, StageWeights weights, Execution execution) {
    try (SessionOptions options = execution.sessionOptions()) {
      for (Map.Entry<String, OnnxTensor> weight : weights.tensors().entrySet()) {
        options.addInitializer(weight.getKey(), weight.getValue());
      }
      return load(graph, options);
    } catch (OrtException failed) {
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "Stage %s cannot be loaded: %s; export the model again"
              .formatted(stage.file(), failed.getMessage()),
          failed);
    } catch (IOException failed) {
      throw new RolescopeException(
          FaultCode.RESOURCE_EXHAUSTED,
          "The temporary folder cannot be written (%s); make room in it"
              .formatted(failed.getMessage()),
          failed);
    }
  }

  /**
   * Creates the session from a file of its own: from bytes, ONNX Runtime would look for external
   * data in the working directory. Once the session is there the file is not needed.
   */
  private static OrtSession load(RunnableGraph graph, SessionOptions options)
      throws IOException, OrtException {
    if (graph.unchanged().isPresent()) {
      return OnnxRuntime.environment().createSession(graph.unchanged().get().toString(), options);
    }
    Path file = Files.createTempFile("rolescope-stage", ".onnx");
    try {
      graph.write(file);
      return OnnxRuntime.environment().createSession(file.toString(), options);
    } finally {
      Files.deleteIfExists(file);
    }
  }
}

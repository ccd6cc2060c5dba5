package org.rolescope.inference.session;

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
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageWeight;

/** One loaded stage. Its weights stay in the mapping it was opened on, which must outlive it. */
public final class StageSession implements AutoCloseable {
  private final Stage stage;
  private final WeightTensors weights;
  private final NativeHandles.Handle handle = new NativeHandles.Handle();
  private OrtSession session;

  private StageSession(Stage stage, WeightTensors weights) {
    this.stage = stage;
    this.weights = weights;
  }

  /** What runs the stages, with its version; recorded in results. */
  public static String runtime() {
    return OnnxRuntime.nameAndVersion();
  }

  /**
   * Loads a stage.
   *
   * @param bundle folder of the bundle
   * @param stage the stage, as in its manifest
   * @param mapping the bundle's weights
   * @throws RolescopeException MALFORMED_MODEL where graph and weights do not fit
   */
  public static StageSession open(Path bundle, Stage stage, WeightMapping mapping) {
    StageSession opened = new StageSession(stage, new WeightTensors(mapping));
    try (SessionOptions options = OnnxRuntime.sessionOptions()) {
      RunnableGraph graph = RunnableGraph.read(bundle, stage);
      for (StageWeight weight : stage.weights()) {
        options.addInitializer(graph.initializerName(weight), opened.tensor(graph, weight));
      }
      opened.session = load(graph, options);
      return opened;
    } catch (OrtException failed) {
      opened.close();
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "Stage %s of %s cannot be loaded: %s; export the model again"
              .formatted(stage.file(), bundle, failed.getMessage()),
          failed);
    } catch (IOException failed) {
      opened.close();
      throw new RolescopeException(
          FaultCode.RESOURCE_EXHAUSTED,
          "The temporary folder cannot be written (%s); make room in it"
              .formatted(failed.getMessage()),
          failed);
    } catch (RuntimeException failed) {
      opened.close();
      throw failed;
    }
  }

  /**
   * Runs the stage once.
   *
   * @param inputs all inputs by name; they stay the caller's
   * @param outputs names of the outputs wanted
   * @return the outputs by name; the caller closes each
   */
  public Map<String, StageTensor> run(Map<String, StageTensor> inputs, Set<String> outputs) {
    Map<String, OnnxTensor> feeds = new HashMap<>();
    inputs.forEach((name, tensor) -> feeds.put(name, tensor.onnx()));
    try {
      // The result itself is not closed: its tensors go on living, each with its own owner.
      Map<String, StageTensor> results = new HashMap<>();
      for (Map.Entry<String, OnnxValue> output : session.run(feeds, outputs)) {
        results.put(output.getKey(), new StageTensor((OnnxTensor) output.getValue()));
      }
      return results;
    } catch (OrtException failed) {
      throw OnnxRuntime.failure("stage " + stage.file(), failed);
    }
  }

  /** The stage this session runs. */
  public Stage stage() {
    return stage;
  }

  @Override
  public void close() {
    try {
      if (session != null) {
        session.close();
      }
    } catch (OrtException failed) {
      throw OnnxRuntime.failure("closing stage " + stage.file(), failed);
    } finally {
      weights.close();
      handle.close();
    }
  }

  private OnnxTensor tensor(RunnableGraph graph, StageWeight weight) throws OrtException {
    return graph.isWidened(weight) ? weights.float32(weight) : weights.stored(weight);
  }

  /**
   * Creates the session from a file of its own: from bytes, ONNX Runtime would look for external
   * data in the working directory. Once the session is there the file is not needed.
   */
  private static OrtSession load(RunnableGraph graph, SessionOptions options)
      throws IOException, OrtException {
    Path folder = Files.createTempDirectory("rolescope-stage");
    Path file = folder.resolve("stage.onnx");
    try {
      graph.write(file);
      return OnnxRuntime.environment().createSession(file.toString(), options);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }
}

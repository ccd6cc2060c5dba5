package org.rolescope.inference.session;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageWeight;

/** One loaded stage. Its weights stay in the mapping it was opened on, which must outlive it. */
public final class StageSession implements AutoCloseable {
  private final Stage stage;
  private final List<OnnxTensor> weights = new ArrayList<>();
  private OrtSession session;

  private StageSession(Stage stage) {
    this.stage = stage;
  }

  /** Version of ONNX Runtime, recorded in results. */
  public static String runtimeVersion() {
    return OnnxRuntime.version();
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
    StageSession opened = new StageSession(stage);
    try (SessionOptions options = OnnxRuntime.sessionOptions()) {
      for (StageWeight weight : stage.weights()) {
        OnnxTensor tensor = wrap(weight, mapping);
        opened.weights.add(tensor);
        options.addInitializer(weight.name(), tensor);
      }
      // From a path, not from bytes: ONNX Runtime looks for the external data beside the graph.
      opened.session =
          OnnxRuntime.environment().createSession(bundle.resolve(stage.file()).toString(), options);
      return opened;
    } catch (OrtException failed) {
      opened.close();
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "Stage %s of %s cannot be loaded: %s; export the model again"
              .formatted(stage.file(), bundle, failed.getMessage()),
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
      weights.forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor wrap(StageWeight weight, WeightMapping mapping) throws OrtException {
    ByteBuffer bytes = mapping.bytes(weight).asByteBuffer().order(ByteOrder.nativeOrder());
    long[] shape = weight.shape().stream().mapToLong(Long::longValue).toArray();
    return OnnxTensor.createTensor(
        OnnxRuntime.environment(), bytes, shape, javaType(weight.dataType()));
  }

  private static OnnxJavaType javaType(DType type) {
    return switch (type) {
      case F32 -> OnnxJavaType.FLOAT;
      case F16 -> OnnxJavaType.FLOAT16;
      case BF16 -> OnnxJavaType.BFLOAT16;
      case I64 -> OnnxJavaType.INT64;
    };
  }
}

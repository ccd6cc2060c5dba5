package org.rolescope.inference.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Runs a whole model that is in no bundle yet, to see what it gives. */
public final class GraphProbe implements AutoCloseable {
  private final Path file;
  private final OrtSession session;

  /**
   * Loads a graph.
   *
   * @param file the graph, weights included
   * @throws RolescopeException MALFORMED_MODEL where ONNX Runtime cannot load it
   */
  public GraphProbe(Path file) {
    this.file = file;
    try (SessionOptions options = OnnxRuntime.sessionOptions()) {
      session = OnnxRuntime.environment().createSession(file.toString(), options);
    } catch (OrtException failed) {
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "%s cannot load the model: %s; export it again, in float32 and with an opset it knows"
              .formatted(OnnxRuntime.nameAndVersion(), OnnxRuntime.firstLine(failed)),
          failed);
    }
  }

  /**
   * A float32 tensor that came out.
   *
   * @param shape sizes, row-major
   * @param values the elements
   */
  public record Result(long[] shape, FloatBuffer values) {}

  /**
   * Runs the graph once.
   *
   * @param tokenIds token ids, row-major [batch, pos]
   * @param batch number of prompts
   * @param outputs names of the outputs wanted
   * @return the outputs by name
   * @throws RolescopeException MALFORMED_MODEL where the graph does not run on such a batch, or an
   *     output is not float32
   */
  public Map<String, Result> run(long[] tokenIds, int batch, Set<String> outputs) {
    int length = tokenIds.length / batch;
    Map<String, long[]> shapes = SessionInputs.shapes(session, file.getFileName().toString());
    try (ModelInputs inputs = ModelInputs.of(shapes, tokenIds, batch, length)) {
      Map<String, OnnxTensor> feeds = new HashMap<>();
      inputs.byName().forEach((name, tensor) -> feeds.put(name, tensor.onnx()));
      try (OrtSession.Result results = session.run(feeds, outputs)) {
        Map<String, Result> read = new HashMap<>();
        for (Map.Entry<String, OnnxValue> output : results) {
          read.put(output.getKey(), read(output.getKey(), output.getValue()));
        }
        return read;
      }
    } catch (OrtException failed) {
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "The model does not run on %d prompts of %d tokens: %s; export it again with dynamic axes for batch and sequence"
              .formatted(batch, length, OnnxRuntime.firstLine(failed)),
          failed);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException failed) {
      throw OnnxRuntime.failure("closing " + file, failed);
    }
  }

  private static Result read(String name, OnnxValue value) {
    if (value instanceof OnnxTensor tensor
        && tensor.getInfo() instanceof TensorInfo info
        && info.type == ai.onnxruntime.OnnxJavaType.FLOAT) {
      return new Result(info.getShape(), tensor.getFloatBuffer());
    }
    throw new RolescopeException(
        FaultCode.MALFORMED_MODEL,
        "%s of the model is %s, not float32; export it again in float32"
            .formatted(name, value.getInfo()));
  }
}

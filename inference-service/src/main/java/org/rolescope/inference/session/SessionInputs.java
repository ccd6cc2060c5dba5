package org.rolescope.inference.session;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.HashMap;
import java.util.Map;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** What a session says of its inputs. */
final class SessionInputs {
  private SessionInputs() {}

  /**
   * Sizes by name; -1 for those left open.
   *
   * @param session the session
   * @param what whose inputs they are, for faults
   * @throws RolescopeException MALFORMED_MODEL where an input is no tensor
   */
  static Map<String, long[]> shapes(OrtSession session, String what) {
    Map<String, long[]> shapes = new HashMap<>();
    try {
      for (NodeInfo input : session.getInputInfo().values()) {
        if (!(input.getInfo() instanceof TensorInfo tensor)) {
          throw new RolescopeException(
              FaultCode.MALFORMED_MODEL,
              "The input %s of %s is no tensor; export the model again"
                  .formatted(input.getName(), what));
        }
        shapes.put(input.getName(), tensor.getShape());
      }
    } catch (OrtException failed) {
      throw OnnxRuntime.failure("the inputs of " + what, failed);
    }
    return shapes;
  }
}

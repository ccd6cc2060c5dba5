package org.rolescope.orchestrator.view;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.client.InferenceClient;
import org.rolescope.orchestrator.client.PromptOptionsMessage;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.runstore.StoredRun;
import org.rolescope.tensors.Shape;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.CaptureDecoder;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.LayerRange;
import org.rolescope.v1.Model;
import org.rolescope.v1.Tap;

/**
 * Has the inference service run one prompt once more, for a pattern that a run did not keep.
 *
 * @param inference the service
 * @param run the run
 */
public record CapturedPattern(InferenceClient inference, StoredRun run) implements PatternSource {
  /** Checks that both are there. */
  public CapturedPattern {
    requireNonNull(inference, "inference is null");
    requireNonNull(run, "run is null");
  }

  /**
   * {@inheritDoc}
   *
   * @throws RolescopeException NOT_FOUND or CONFLICT where the service has no such model any more,
   *     UNAVAILABLE where it cannot be reached
   */
  @Override
  public byte[] pattern(ModelSlot slot, int layer, int head, int prompt, int tokenCount) {
    Model model = run.model(slot);
    if (!inference.model(model.getName()).getDigest().equals(model.getDigest())) {
      throw new RolescopeException(
          FaultCode.CONFLICT,
          "Model %s is not the one that run %s measured, and the run kept no patterns; measure again to see them"
              .formatted(model.getName(), run.id()));
    }
    AtomicReference<byte[]> captured = new AtomicReference<>();
    inference.capture(
        request(model, layer, prompt),
        new CaptureDecoder.Sink() {
          @Override
          public void started(CaptureStarted message) {
            // The tokens are those that the run kept.
          }

          @Override
          public void tensor(TensorView tensor) {
            captured.set(head(tensor, head, tokenCount));
          }
        });
    return captured.get();
  }

  private CaptureRequest request(Model model, int layer, int prompt) {
    return CaptureRequest.newBuilder()
        .setModel(model.getName())
        .addPrompts(run.plan().promptSet().texts().get(prompt))
        .addTaps(Tap.TAP_PATTERN)
        .setLayers(LayerRange.newBuilder().setFirst(layer).setLast(layer))
        .setPromptOptions(PromptOptionsMessage.of(run.plan().promptOptions()))
        .build();
  }

  /** Cuts one head out of [batch, head, query_pos, key_pos]. */
  private static byte[] head(TensorView tensor, int head, int tokenCount) {
    Shape shape = tensor.shape();
    int headBytes = Math.toIntExact((long) tokenCount * tokenCount * Float.BYTES);
    ByteBuffer bytes = tensor.bytes();
    if (shape.axes().getLast().size() != tokenCount
        || bytes.remaining() < (head + 1L) * headBytes) {
      throw new RolescopeException(
          FaultCode.DATA_LOSS,
          "The inference service sent a pattern of sizes %s where %d tokens were due; measure again"
              .formatted(shape, tokenCount));
    }
    byte[] pattern = new byte[headBytes];
    bytes.position(bytes.position() + head * headBytes).get(pattern);
    return pattern;
  }
}

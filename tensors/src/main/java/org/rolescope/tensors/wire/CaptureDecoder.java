package org.rolescope.tensors.wire;

import static java.util.Objects.requireNonNull;

import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.CaptureStarted;

/**
 * Reads the messages of one capture stream: CaptureStarted, then tensors in frames. Holds every
 * sender to that order; one tensor is in memory at a time. Not thread-safe.
 */
public final class CaptureDecoder {
  private final TensorAssembler assembler;
  private final Sink sink;
  private boolean started;

  /**
   * Creates a decoder for one stream.
   *
   * @param maxTensorBytes largest tensor that is accepted
   * @param sink takes what the stream holds
   */
  public CaptureDecoder(long maxTensorBytes, Sink sink) {
    this.assembler = new TensorAssembler(maxTensorBytes);
    this.sink = requireNonNull(sink, "sink is null");
  }

  /** Takes what a capture stream holds. */
  public interface Sink {
    /** The prompts are tokenised. Called once, first. */
    void started(CaptureStarted message);

    /**
     * A tensor is complete; the next message is read when this returns. Its memory is used again
     * for the next tensor: whoever keeps it keeps a {@link TensorView#copy}.
     */
    void tensor(TensorView tensor);
  }

  /**
   * Takes the next message.
   *
   * @throws RolescopeException DATA_LOSS where it does not follow what came before or is damaged,
   *     RESOURCE_EXHAUSTED where a tensor is over the limit; what the sink throws
   */
  public void accept(CaptureResponse response) {
    switch (response.getEventCase()) {
      case STARTED -> start(response.getStarted());
      case HEADER -> {
        require(started, "a tensor comes before the start");
        assembler.open(response.getHeader());
      }
      case CHUNK -> assembler.add(response.getChunk()).ifPresent(sink::tensor);
      case EVENT_NOT_SET -> throw damaged("a message is empty");
    }
  }

  /**
   * Confirms that the stream ended neither before it began nor inside a tensor.
   *
   * @throws RolescopeException DATA_LOSS where it did
   */
  public void finish() {
    assembler.finish();
    require(started, "it ended before it began");
  }

  private void start(CaptureStarted message) {
    require(!started, "it starts twice");
    started = true;
    sink.started(message);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw damaged(otherwise);
    }
  }

  private static RolescopeException damaged(String what) {
    return new RolescopeException(
        FaultCode.DATA_LOSS, "The tensor stream is damaged: " + what + "; run it again");
  }
}

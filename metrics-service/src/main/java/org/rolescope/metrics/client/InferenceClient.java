package org.rolescope.metrics.client;

import static java.util.Objects.requireNonNull;

import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import org.rolescope.fault.RolescopeException;
import org.rolescope.rpc.Address;
import org.rolescope.rpc.Faults;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.InferenceServiceGrpc;

/** Measures entropies on a stream that the inference service sends. Thread-safe. */
public final class InferenceClient {
  private final Channel channel;
  private final Address address;
  private final long maxTensorBytes;

  /**
   * Creates a client.
   *
   * @param channel leads to the inference service; stays the caller's to close
   * @param address where that is, for messages
   * @param maxTensorBytes largest tensor that is accepted
   */
  public InferenceClient(Channel channel, Address address, long maxTensorBytes) {
    this.channel = requireNonNull(channel, "channel is null");
    this.address = requireNonNull(address, "address is null");
    this.maxTensorBytes = maxTensorBytes;
  }

  /** Largest tensor that is accepted, whoever sends it. */
  public long maxTensorBytes() {
    return maxTensorBytes;
  }

  /**
   * Runs a capture and measures each pattern tensor as soon as it is complete. Blocks until the
   * last layer has been handed on. The current {@link Context} passes its deadline and cancellation
   * to the inference service, and whatever ends this method ends the call.
   *
   * @param request what to capture; its taps must be {@code TAP_PATTERN}, and {@code
   *     TAP_VALUE_NORM} where the norm-weighted kind is to be measured too
   * @param sink takes the results
   * @throws RolescopeException DATA_LOSS where the stream is damaged or incomplete, else what the
   *     inference service failed with
   */
  public void measure(CaptureRequest request, EntropySink sink) {
    CancellableContext call = Context.current().withCancellation();
    Context caller = call.attach();
    try {
      EntropyStream stream = new EntropyStream(request, maxTensorBytes, sink);
      Iterator<CaptureResponse> responses =
          InferenceServiceGrpc.newBlockingStub(channel).capture(request);
      while (responses.hasNext()) {
        stream.accept(responses.next());
      }
      stream.finish();
    } catch (StatusRuntimeException failed) {
      throw Faults.fromStatus(failed.getStatus(), "inference service", address);
    } finally {
      call.detachAndCancel(caller, null);
    }
  }
}

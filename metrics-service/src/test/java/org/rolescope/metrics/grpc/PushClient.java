package org.rolescope.metrics.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.rolescope.metrics.testing.PushScript;
import org.rolescope.v1.MetricsServiceGrpc;
import org.rolescope.v1.PushActivationsRequest;
import org.rolescope.v1.PushActivationsResponse;

/** Pushes scripts to a metrics service. */
final class PushClient {
  private final Channel channel;

  /** A client over this channel. */
  PushClient(Channel channel) {
    this.channel = channel;
  }

  /** Sends it all and returns the layers of the answers. */
  List<org.rolescope.v1.LayerEntropies> push(PushScript script) throws Exception {
    BlockingClientCall<PushActivationsRequest, PushActivationsResponse> call = open();
    for (PushActivationsRequest message : script.messages()) {
      if (!call.write(message)) {
        break;
      }
    }
    call.halfClose();
    List<org.rolescope.v1.LayerEntropies> layers = new ArrayList<>();
    PushActivationsResponse response = call.read();
    while (response != null) {
      layers.add(response.getLayer());
      response = call.read();
    }
    assertNull(call.read());
    return layers;
  }

  /** A call that has just begun. */
  BlockingClientCall<PushActivationsRequest, PushActivationsResponse> open() {
    return MetricsServiceGrpc.newBlockingV2Stub(channel)
        .withDeadlineAfter(50, TimeUnit.SECONDS)
        .pushActivations();
  }

  /** Fails unless it is refused with this status and sentence. */
  void assertFails(PushScript script, Status.Code code, String sentence) {
    Status status = assertThrows(StatusException.class, () -> push(script)).getStatus();
    assertEquals(code, status.getCode(), status.toString());
    assertTrue(status.getDescription().contains(sentence), status.getDescription());
  }
}

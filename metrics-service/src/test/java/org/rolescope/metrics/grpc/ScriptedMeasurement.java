package org.rolescope.metrics.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.rolescope.metrics.testing.CaptureScript;
import org.rolescope.metrics.testing.FakeInferenceService;
import org.rolescope.metrics.testing.LoopbackServer;
import org.rolescope.rpc.Address;
import org.rolescope.v1.MeasureEntropiesRequest;
import org.rolescope.v1.MeasureEntropiesResponse;
import org.rolescope.v1.MetricsServiceGrpc;
import org.rolescope.v1.MetricsServiceGrpc.MetricsServiceBlockingStub;

/**
 * The metrics service over a connection on the loopback, before an inference service that plays
 * scripts.
 */
final class ScriptedMeasurement implements AutoCloseable {
  private final List<Runnable> closings = new ArrayList<>();
  private FakeInferenceService inference;

  /** Fails unless measuring what it sends ends in this status and sentence. */
  void assertFails(CaptureScript script, Status.Code code, String sentence) {
    StatusRuntimeException failed =
        assertThrows(StatusRuntimeException.class, () -> measure(script));
    assertEquals(code, failed.getStatus().getCode(), failed.getMessage());
    assertTrue(failed.getStatus().getDescription().contains(sentence), failed.getMessage());
  }

  /** Measures what it sends. */
  List<MeasureEntropiesResponse> measure(CaptureScript script) {
    return drain(stub(script).measureEntropies(request()));
  }

  /** A client whose requests are answered from this script. */
  MetricsServiceBlockingStub stub(CaptureScript script) {
    inference = new FakeInferenceService(script);
    LoopbackServer server = new LoopbackServer(inference);
    closings.add(server::close);
    return stub(server.address());
  }

  /** A client of a metrics service that looks for its inference service there. */
  MetricsServiceBlockingStub stub(Address inferenceAddress) {
    MetricsServer server = new MetricsServer(inferenceAddress);
    closings.add(server::close);
    return MetricsServiceGrpc.newBlockingStub(server.channel())
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  /** The inference service of the last script. */
  FakeInferenceService inference() {
    return inference;
  }

  /** A request for three prompts. */
  static MeasureEntropiesRequest request() {
    return MeasureEntropiesRequest.newBuilder()
        .setModel("tiny")
        .addAllPrompts(List.of("a", "b", "c"))
        .build();
  }

  /** All that comes. */
  static List<MeasureEntropiesResponse> drain(Iterator<MeasureEntropiesResponse> stream) {
    List<MeasureEntropiesResponse> responses = new ArrayList<>();
    stream.forEachRemaining(responses::add);
    return responses;
  }

  /** The last that was opened ends first. */
  @Override
  public void close() {
    closings.reversed().forEach(Runnable::run);
  }
}

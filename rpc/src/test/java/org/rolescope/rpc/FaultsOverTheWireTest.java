package org.rolescope.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.GetModelRequest;
import org.rolescope.v1.GetModelResponse;
import org.rolescope.v1.InferenceServiceGrpc;
import org.rolescope.v1.ListModelsRequest;
import org.rolescope.v1.ListModelsResponse;

@Timeout(60)
final class FaultsOverTheWireTest {
  private final Address address = Address.uniqueInProcess();
  private final Failing service = new Failing();
  private Server server;
  private ManagedChannel channel;
  private InferenceServiceGrpc.InferenceServiceBlockingStub stub;

  @BeforeEach
  void start() throws IOException {
    server =
        InProcessServerBuilder.forName(address.inProcessName())
            .addService(service)
            .intercept(new FaultInterceptor())
            .build()
            .start();
    channel = address.open();
    stub = InferenceServiceGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource(FaultCode.class)
  void everyFaultKeepsItsCodeAndSentence(FaultCode code) {
    service.thrown = new RolescopeException(code, "The thing is broken; mend it");
    RolescopeException thrown = faultOf(() -> stub.getModel(GetModelRequest.getDefaultInstance()));
    assertThat(thrown.code()).isEqualTo(code);
    assertThat(thrown.getMessage()).contains("The thing is broken; mend it");
  }

  @Test
  void whatIsPassedToOnErrorIsTranslatedToo() {
    service.thrown = new RolescopeException(FaultCode.NOT_FOUND, "No such model");
    RolescopeException thrown =
        faultOf(() -> stub.listModels(ListModelsRequest.getDefaultInstance()));
    assertThat(thrown.code()).isEqualTo(FaultCode.NOT_FOUND);
  }

  @Test
  void anUnforeseenExceptionTellsNothingOfTheInside() {
    service.thrown = new IllegalStateException("secret detail");
    RolescopeException thrown = faultOf(() -> stub.getModel(GetModelRequest.getDefaultInstance()));
    assertThat(thrown.code()).isEqualTo(FaultCode.INTERNAL);
    assertThat(thrown.getMessage()).doesNotContain("secret").contains("its log has the details");
  }

  @Test
  void anUnreachableServiceIsNamedWithTheRemedy() {
    Address nowhere = new Address("127.0.0.1:9");
    RolescopeException fault =
        Faults.fromStatus(
            Status.UNAVAILABLE.withDescription("io exception"), "inference service", nowhere);
    assertThat(fault)
        .hasMessage(
            "The inference service at 127.0.0.1:9 cannot be reached; start it with `rolescope serve` or give its address");
  }

  @Test
  void aSlowReaderStopsTheSender() throws InterruptedException {
    Iterator<CaptureResponse> messages = stub.capture(CaptureRequest.getDefaultInstance());
    messages.next();
    Thread.sleep(300);
    // In process gRPC asks for a message at a time; a handful may be under way, never all.
    assertThat(service.sent.get()).isLessThan(20);
    int count = 1;
    while (messages.hasNext()) {
      messages.next();
      count++;
    }
    assertThat(count).isEqualTo(Failing.MESSAGES);
  }

  @Test
  void aCallerWhoGivesUpStopsTheSender() throws InterruptedException {
    Iterator<CaptureResponse> messages =
        stub.withDeadlineAfter(200, TimeUnit.MILLISECONDS)
            .capture(CaptureRequest.getDefaultInstance());
    messages.next();
    assertThat(service.ended.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(service.sent.get()).isLessThan(Failing.MESSAGES);
    assertThat(service.senderFailure.get())
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.CANCELLED));
  }

  private RolescopeException faultOf(Runnable call) {
    AtomicReference<RolescopeException> fault = new AtomicReference<>();
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failed ->
                fault.set(Faults.fromStatus(failed.getStatus(), "inference service", address)));
    return fault.get();
  }

  private static final class Failing extends InferenceServiceGrpc.InferenceServiceImplBase {
    private static final int MESSAGES = 1000;

    private final AtomicInteger sent = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<Throwable> senderFailure = new AtomicReference<>();
    private volatile RuntimeException thrown;

    @Override
    public void getModel(GetModelRequest request, StreamObserver<GetModelResponse> observer) {
      throw thrown;
    }

    @Override
    public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> observer) {
      observer.onError(thrown);
    }

    @Override
    public void capture(CaptureRequest request, StreamObserver<CaptureResponse> observer) {
      PacedObserver<CaptureResponse> paced = new PacedObserver<>(observer);
      Thread.ofVirtual().start(() -> send(paced));
    }

    private void send(PacedObserver<CaptureResponse> paced) {
      try {
        for (int message = 0; message < MESSAGES; message++) {
          paced.send(CaptureResponse.getDefaultInstance());
          sent.incrementAndGet();
        }
        paced.complete();
      } catch (RolescopeException failed) {
        senderFailure.set(failed);
        paced.fail(failed);
      } finally {
        ended.countDown();
      }
    }
  }
}

package org.rolescope.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.InferenceServiceGrpc;
import org.rolescope.v1.TensorChunk;

/** Answers as bytes of the test's choice, over a real connection. */
@Timeout(60)
final class SharedArrayParsingTest {
  private Server server;
  private ManagedChannel channel;

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void answersArriveBitForBitPlainAndCompressed(boolean compressed) throws IOException {
    byte[] data = new byte[1 << 20];
    new Random(20261122).nextBytes(data);
    CaptureResponse sent =
        CaptureResponse.newBuilder()
            .setChunk(TensorChunk.newBuilder().setTensorId(7).setData(ByteString.copyFrom(data)))
            .build();
    Iterator<CaptureResponse> answers = answers(compressed, sent.toByteArray(), new byte[0]);
    assertThat(answers.next()).isEqualTo(sent);
    assertThat(answers.next()).isEqualTo(CaptureResponse.getDefaultInstance());
    assertThat(answers.hasNext()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsNoMessageIsAFaultWithASentence(boolean compressed) throws IOException {
    byte[] chunkThatEndsEarly = {0x1a, 0x7f, 0x08};
    Iterator<CaptureResponse> answers = answers(compressed, chunkThatEndsEarly);
    assertThatThrownBy(answers::next)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            thrown -> {
              // gRPC cancels a call whose answer cannot be parsed and keeps the reason as its
              // cause.
              Status reason = Status.fromThrowable(thrown);
              assertThat(reason.getCode()).isIn(Status.Code.INTERNAL, Status.Code.CANCELLED);
              assertThat(reason.getDescription()).isNotBlank();
            });
  }

  private Iterator<CaptureResponse> answers(boolean compressed, byte[]... messages)
      throws IOException {
    var method =
        InferenceServiceGrpc.getCaptureMethod().toBuilder(
                InferenceServiceGrpc.getCaptureMethod().getRequestMarshaller(), new AsItIs())
            .build();
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(
                ServerServiceDefinition.builder(InferenceServiceGrpc.SERVICE_NAME)
                    .addMethod(
                        method,
                        ServerCalls.asyncServerStreamingCall(
                            (CaptureRequest _, io.grpc.stub.StreamObserver<byte[]> observer) -> {
                              if (compressed) {
                                var call = (ServerCallStreamObserver<byte[]>) observer;
                                call.setCompression("gzip");
                                call.setMessageCompression(true);
                              }
                              for (byte[] message : messages) {
                                observer.onNext(message);
                              }
                              observer.onCompleted();
                            }))
                    .build())
            .build()
            .start();
    channel =
        new Address(InetAddress.getLoopbackAddress().getHostAddress() + ":" + server.getPort())
            .open();
    return InferenceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .capture(CaptureRequest.getDefaultInstance());
  }

  /** Sends bytes as they are. */
  private static final class AsItIs implements Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      throw new UnsupportedOperationException("nothing is read as bytes here");
    }
  }
}

package org.rolescope.orchestrator.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.orchestrator.plan.PromptOptions;
import org.rolescope.rpc.Address;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.MeasureEntropiesRequest;
import org.rolescope.v1.MeasureEntropiesResponse;
import org.rolescope.v1.MetricsServiceGrpc.MetricsServiceImplBase;
import org.rolescope.v1.Model;
import org.rolescope.v1.Tap;
import org.rolescope.v1.TokenizedPrompt;

final class NormWeightedTest {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void normWeightedEntropyIsAskedForWhereTheModelOffersIt(boolean offered) throws Exception {
    Model.Builder model = Model.newBuilder().setLayerCount(1).addTaps(Tap.TAP_PATTERN);
    if (offered) {
      model.addTaps(Tap.TAP_VALUE_NORM);
    }
    assertEquals(offered, requestFor(model.build()).getNormWeighted());
  }

  private static MeasureEntropiesRequest requestFor(Model model) throws Exception {
    CompletableFuture<MeasureEntropiesRequest> asked = new CompletableFuture<>();
    Address address = Address.uniqueInProcess();
    Server server = start(address, asked);
    ManagedChannel channel = address.open();
    try {
      new MetricsClient(channel, address)
          .tokenize(new PromptRun(model, List.of("a"), PromptOptions.DEFAULT, 0, 0));
      return asked.get(10, TimeUnit.SECONDS);
    } finally {
      channel.shutdownNow();
      server.shutdownNow();
    }
  }

  private static Server start(Address address, CompletableFuture<MeasureEntropiesRequest> asked)
      throws IOException {
    MetricsServiceImplBase service =
        new MetricsServiceImplBase() {
          @Override
          public void measureEntropies(
              MeasureEntropiesRequest request, StreamObserver<MeasureEntropiesResponse> observer) {
            asked.complete(request);
            CaptureStarted.Builder started =
                CaptureStarted.newBuilder().addPrompts(TokenizedPrompt.newBuilder());
            observer.onNext(MeasureEntropiesResponse.newBuilder().setStarted(started).build());
            observer.onCompleted();
          }
        };
    return InProcessServerBuilder.forName(address.inProcessName())
        .addService(service)
        .build()
        .start();
  }
}

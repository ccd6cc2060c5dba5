package org.rolescope.inference.grpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.rolescope.inference.catalog.ModelCatalog;
import org.rolescope.inference.forward.PassLimits;
import org.rolescope.inference.intervene.InterventionLimits;
import org.rolescope.inference.session.Execution;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.inference.tokenizer.TokenizerCache;
import org.rolescope.rpc.Address;
import org.rolescope.rpc.FaultInterceptor;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.TensorAssembler;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.InferenceServiceGrpc;
import org.rolescope.v1.InferenceServiceGrpc.InferenceServiceBlockingStub;

/** The real endpoint on a free loopback port, and a client to it. */
final class InferenceServer {
  static final int MAX_PROMPTS = 200;
  static final InterventionLimits INTERVENTION_LIMITS = new InterventionLimits(50, 1 << 20);

  private final ExecutorService passes = Executors.newFixedThreadPool(2);
  private final Server server;
  private final ManagedChannel channel;

  private final TokenizerCache tokenizers = new TokenizerCache();
  private final ModelResidency residency;

  private InferenceServer(
      Path models, long memoryBudget, Execution execution, InterventionLimits interventionLimits)
      throws IOException {
    residency = new ModelResidency(memoryBudget, execution);
    server =
        io.grpc.netty.NettyServerBuilder.forAddress(
                new InetSocketAddress("127.0.0.1", 0), InsecureServerCredentials.create())
            .addService(
                new InferenceEndpoint(
                    new ModelCatalog(models),
                    tokenizers,
                    residency,
                    new PassLimits(32, 64 << 20),
                    interventionLimits,
                    MAX_PROMPTS,
                    passes))
            .intercept(new FaultInterceptor())
            .build()
            .start();
    channel = new Address("127.0.0.1:" + server.getPort()).open();
  }

  static InferenceServer start(Path models) throws IOException {
    return start(models, 0);
  }

  /** A server with a memory budget in bytes; 0 for the default. */
  static InferenceServer start(Path models, long memoryBudget) throws IOException {
    return new InferenceServer(models, memoryBudget, Execution.DEFAULT, INTERVENTION_LIMITS);
  }

  /** A server with a memory budget in bytes and limits of its own. */
  static InferenceServer start(Path models, long memoryBudget, InterventionLimits limits)
      throws IOException {
    return new InferenceServer(models, memoryBudget, Execution.DEFAULT, limits);
  }

  /** A server that runs models so. */
  static InferenceServer start(Path models, Execution execution) throws IOException {
    return new InferenceServer(models, 0, execution, INTERVENTION_LIMITS);
  }

  InferenceServiceBlockingStub stub() {
    return InferenceServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  Captured capture(CaptureRequest request) {
    Iterator<CaptureResponse> messages = stub().capture(request);
    CaptureStarted started = messages.next().getStarted();
    TensorAssembler assembler = new TensorAssembler(64 << 20);
    List<TensorView> tensors = new ArrayList<>();
    while (messages.hasNext()) {
      CaptureResponse message = messages.next();
      if (message.hasHeader()) {
        assembler.open(message.getHeader());
      } else {
        assembler.add(message.getChunk()).map(TensorView::copy).ifPresent(tensors::add);
      }
    }
    assembler.finish();
    return new Captured(started, tensors);
  }

  /** Ends the server; waits are bounded. */
  void close() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    passes.shutdownNow();
    passes.awaitTermination(5, TimeUnit.SECONDS);
    residency.close();
    tokenizers.close();
  }

  /**
   * Waits, at most half a minute, until no pass has anything open: a stream ends a moment before.
   */
  static void awaitNothingOpen() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (NativeHandles.open() > 0 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  record Captured(CaptureStarted started, List<TensorView> tensors) {}
}

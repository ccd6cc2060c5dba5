package org.rolescope.orchestrator.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.stub.StreamObserver;
import org.rolescope.openinference.GRPCInferenceServiceGrpc;
import org.rolescope.openinference.ModelInferRequest;
import org.rolescope.openinference.ModelInferResponse;
import org.rolescope.openinference.ModelMetadataRequest;
import org.rolescope.openinference.ModelMetadataResponse;
import org.rolescope.openinference.ModelReadyRequest;
import org.rolescope.openinference.ModelReadyResponse;
import org.rolescope.openinference.ServerLiveRequest;
import org.rolescope.openinference.ServerLiveResponse;
import org.rolescope.openinference.ServerMetadataRequest;
import org.rolescope.openinference.ServerMetadataResponse;
import org.rolescope.openinference.ServerReadyRequest;
import org.rolescope.openinference.ServerReadyResponse;
import org.rolescope.orchestrator.artifacts.Software;
import org.rolescope.orchestrator.oip.OpenInference;

/**
 * The Open Inference Protocol over gRPC. Only converts. Needs the server to have {@link
 * org.rolescope.rpc.FaultInterceptor}.
 *
 * <p>The work is done on the thread of the call, in whose gRPC context the services behind are
 * called: a client that gives up, or whose deadline passes, ends those calls too.
 */
public final class OpenInferenceEndpoint
    extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
  private static final String NAME = "rolescope";

  private final OpenInference inference;

  /** Serves these answers. */
  public OpenInferenceEndpoint(OpenInference inference) {
    this.inference = requireNonNull(inference, "inference is null");
  }

  @Override
  public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> observer) {
    answer(observer, ServerLiveResponse.newBuilder().setLive(true).build());
  }

  @Override
  public void serverReady(
      ServerReadyRequest request, StreamObserver<ServerReadyResponse> observer) {
    answer(observer, ServerReadyResponse.newBuilder().setReady(inference.serverReady()).build());
  }

  @Override
  public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> observer) {
    boolean ready = inference.modelReady(request.getName(), request.getVersion());
    answer(observer, ModelReadyResponse.newBuilder().setReady(ready).build());
  }

  @Override
  public void serverMetadata(
      ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> observer) {
    answer(
        observer,
        ServerMetadataResponse.newBuilder()
            .setName(NAME)
            .setVersion(Software.current().rolescope())
            .build());
  }

  @Override
  public void modelMetadata(
      ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> observer) {
    answer(observer, inference.metadata(request.getName(), request.getVersion()));
  }

  @Override
  public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
    answer(observer, inference.infer(request));
  }

  private static <T> void answer(StreamObserver<T> observer, T response) {
    observer.onNext(response);
    observer.onCompleted();
  }
}

package org.rolescope.orchestrator.testing;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.rolescope.rpc.PacedObserver;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.Shape;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.TensorFrames;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.GetModelRequest;
import org.rolescope.v1.GetModelResponse;
import org.rolescope.v1.InferenceServiceGrpc;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.ListModelsRequest;
import org.rolescope.v1.ListModelsResponse;
import org.rolescope.v1.SweepRequest;
import org.rolescope.v1.SweepResponse;
import org.rolescope.v1.Tap;
import org.rolescope.v1.TensorChunk;

/** Streams the patterns and logits of fake models, the longest prompts first. */
public final class FakeInference extends InferenceServiceGrpc.InferenceServiceImplBase {
  private final FakeModels models;
  private final Trouble trouble;
  private final List<CaptureRequest> requests = new CopyOnWriteArrayList<>();
  private final List<SweepRequest> sweeps = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Throwable> sweepCancelled = new CompletableFuture<>();
  private final CompletableFuture<Throwable> cancelled = new CompletableFuture<>();

  FakeInference(FakeModels models, Trouble trouble) {
    this.models = models;
    this.trouble = trouble;
  }

  /** Every capture asked for. */
  public List<CaptureRequest> requests() {
    return requests;
  }

  /** Done when a caller has given up a capture. */
  public CompletableFuture<Throwable> cancelled() {
    return cancelled;
  }

  @Override
  public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> observer) {
    observer.onNext(ListModelsResponse.getDefaultInstance());
    observer.onCompleted();
  }

  @Override
  public void getModel(GetModelRequest request, StreamObserver<GetModelResponse> observer) {
    observer.onNext(
        GetModelResponse.newBuilder().setModel(models.get(request.getName()).message()).build());
    observer.onCompleted();
  }

  @Override
  public void capture(CaptureRequest request, StreamObserver<CaptureResponse> observer) {
    requests.add(request);
    Context.current().addListener(this::ended, Runnable::run);
    PacedObserver<CaptureResponse> paced = new PacedObserver<>(observer);
    Thread.ofVirtual().start(() -> capture(request, paced));
  }

  /** Done when a caller has given up a sweep. */
  public CompletableFuture<Throwable> sweepCancelled() {
    return sweepCancelled;
  }

  /** Every sweep asked for. */
  public List<SweepRequest> sweeps() {
    return sweeps;
  }

  @Override
  public void sweep(SweepRequest request, StreamObserver<SweepResponse> observer) {
    sweeps.add(request);
    Context.current()
        .addListener(
            context -> {
              if (context.cancellationCause() != null) {
                sweepCancelled.complete(context.cancellationCause());
              }
            },
            Runnable::run);
    PacedObserver<SweepResponse> paced = new PacedObserver<>(observer);
    Thread.ofVirtual().start(() -> new FakeSweep(models, trouble, request, paced).run());
  }

  /** A call that ends well has no cause of cancellation. */
  private void ended(Context context) {
    if (context.cancellationCause() != null) {
      cancelled.complete(context.cancellationCause());
    }
  }

  private void capture(CaptureRequest request, PacedObserver<CaptureResponse> observer) {
    try {
      CaptureStarted started =
          models.start(request.getModel(), request.getPromptsList(), request.getPromptOptions());
      observer.send(CaptureResponse.newBuilder().setStarted(started).build());
      List<List<Integer>> batches = batches(started);
      int id = 0;
      for (TensorView tensor : tensors(request, batches, started)) {
        send(id++, tensor, observer);
      }
      observer.complete();
    } catch (RuntimeException failed) {
      observer.fail(failed);
    }
  }

  private List<TensorView> tensors(
      CaptureRequest request, List<List<Integer>> batches, CaptureStarted started) {
    FakeModel model = models.get(request.getModel());
    List<TensorView> tensors = new ArrayList<>();
    if (request.getTapsList().contains(Tap.TAP_PATTERN)) {
      int last = request.getLayers().getLast();
      for (int layer = request.getLayers().getFirst(); layer <= last; layer++) {
        for (List<Integer> batch : batches) {
          tensors.add(tensor(model, layer, batch, started, request.getInterventionsList()));
        }
      }
    }
    if (request.getTapsList().contains(Tap.TAP_Z)) {
      batches.forEach(batch -> tensors.add(outputs(model, "z", request, batch, started)));
    }
    if (request.getTapsList().contains(Tap.TAP_MLP_OUT)) {
      batches.forEach(batch -> tensors.add(outputs(model, "mlp_out", request, batch, started)));
    }
    if (request.getTapsList().contains(Tap.TAP_LOGITS)) {
      batches.forEach(
          batch -> tensors.add(logits(model, batch, started, request.getInterventionsList())));
    }
    return tensors;
  }

  private void send(int id, TensorView tensor, PacedObserver<CaptureResponse> observer) {
    trouble.beforeMessage();
    observer.send(CaptureResponse.newBuilder().setHeader(TensorFrames.header(id, tensor)).build());
    TensorFrames.chunks(id, tensor, chunk -> send(chunk, observer));
  }

  private void send(TensorChunk chunk, PacedObserver<CaptureResponse> observer) {
    trouble.beforeMessage();
    observer.send(CaptureResponse.newBuilder().setChunk(chunk).build());
  }

  private static List<List<Integer>> batches(CaptureStarted started) {
    Map<Integer, List<Integer>> byLength = new TreeMap<>(Comparator.reverseOrder());
    for (int prompt = 0; prompt < started.getPromptsCount(); prompt++) {
      byLength
          .computeIfAbsent(started.getPrompts(prompt).getTokenIdsCount(), n -> new ArrayList<>())
          .add(prompt);
    }
    return List.copyOf(byLength.values());
  }

  /** Of the first layer asked for: [batch, pos, head, d_head] or [batch, pos, d_model]. */
  private static TensorView outputs(
      FakeModel model,
      String tap,
      CaptureRequest request,
      List<Integer> batch,
      CaptureStarted started) {
    int tokens = started.getPrompts(batch.getFirst()).getTokenIdsCount();
    int heads = model.headCount();
    int headSize = model.message().getHeadSize();
    int layer = request.getLayers().getFirst();
    List<Axis> axes =
        new ArrayList<>(List.of(new Axis(Axis.BATCH, batch.size()), new Axis(Axis.POS, tokens)));
    axes.addAll(
        tap.equals("z")
            ? List.of(new Axis(Axis.HEAD, heads), new Axis(Axis.D_HEAD, headSize))
            : List.of(new Axis(Axis.D_MODEL, heads * headSize)));
    Shape shape = Shape.of(axes.toArray(Axis[]::new));
    ByteBuffer bytes =
        ByteBuffer.allocate((int) shape.elementCount() * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int prompt : batch) {
      List<Long> ids = started.getPrompts(prompt).getTokenIdsList();
      for (float[] position : model.outputs(tap, layer, ids, heads * headSize)) {
        for (float value : position) {
          bytes.putFloat(value);
        }
      }
    }
    return new TensorView(tap, OptionalInt.of(layer), shape, batch, bytes.flip());
  }

  private static TensorView logits(
      FakeModel model,
      List<Integer> batch,
      CaptureStarted started,
      List<Intervention> interventions) {
    Shape shape =
        Shape.of(
            new Axis(Axis.BATCH, batch.size()), new Axis(Axis.VOCAB, FakeModel.VOCABULARY_SIZE));
    ByteBuffer bytes =
        ByteBuffer.allocate((int) shape.elementCount() * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int prompt : batch) {
      for (float logit :
          model.logits(started.getPrompts(prompt).getTokenIdsList(), interventions)) {
        bytes.putFloat(logit);
      }
    }
    return new TensorView("logits", OptionalInt.empty(), shape, batch, bytes.flip());
  }

  private static TensorView tensor(
      FakeModel model,
      int layer,
      List<Integer> batch,
      CaptureStarted started,
      List<Intervention> interventions) {
    int tokens = started.getPrompts(batch.getFirst()).getTokenIdsCount();
    Shape shape =
        Shape.of(
            new Axis(Axis.BATCH, batch.size()),
            new Axis(Axis.HEAD, model.headCount()),
            new Axis(Axis.QUERY_POS, tokens),
            new Axis(Axis.KEY_POS, tokens));
    ByteBuffer bytes =
        ByteBuffer.allocate((int) shape.elementCount() * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int prompt : batch) {
      for (float[][] head :
          model.pattern(layer, started.getPrompts(prompt).getTokenIdsList(), interventions)) {
        for (float[] row : head) {
          for (float weight : row) {
            bytes.putFloat(weight);
          }
        }
      }
    }
    return new TensorView("pattern", OptionalInt.of(layer), shape, batch, bytes.flip());
  }
}

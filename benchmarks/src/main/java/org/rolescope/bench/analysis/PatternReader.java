package org.rolescope.bench.analysis;

import io.grpc.Channel;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.rolescope.bench.analysis.Analysis.BatchShape;
import org.rolescope.bench.analysis.Analysis.LayerMark;
import org.rolescope.inference.forward.CaptureSelection;
import org.rolescope.metrics.entropy.LayerMeasurement;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.CaptureDecoder;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.InferenceServiceGrpc;
import org.rolescope.v1.Tap;
import org.rolescope.v1.TokenizedPrompt;

/**
 * Captures the patterns of all layers and measures them, as the metrics service does, with the
 * value norms if wanted; the logits, if wanted, are read and checked to be finite.
 */
public final class PatternReader implements CaptureDecoder.Sink {
  private static final long MAX_TENSOR_BYTES = 1L << 30;

  private final CaptureDecoder decoder = new CaptureDecoder(MAX_TENSOR_BYTES, this);
  private final List<LayerMark> layers = new ArrayList<>();
  private final List<BatchShape> batches = new ArrayList<>();
  private CaptureStarted started;
  private LayerMeasurement measurement;
  private int layer;
  private long layerStart;
  private long measureNanos;

  private PatternReader() {}

  /**
   * Runs an analysis.
   *
   * @param channel leads to the inference service
   * @param model name of the model
   * @param prompts the prompts
   * @param more what to capture besides: value norms, logits
   */
  public static Analysis run(Channel channel, String model, List<String> prompts, Set<Tap> more) {
    CaptureRequest.Builder request =
        CaptureRequest.newBuilder()
            .setModel(model)
            .addAllPrompts(prompts)
            .addTaps(Tap.TAP_PATTERN)
            .addAllTaps(more);
    return new PatternReader().read(channel, request.build());
  }

  private Analysis read(Channel channel, CaptureRequest request) {
    long start = System.nanoTime();
    layerStart = start;
    Iterator<CaptureResponse> responses =
        InferenceServiceGrpc.newBlockingStub(channel).capture(request);
    while (responses.hasNext()) {
      CaptureResponse response = responses.next();
      long arrived = System.nanoTime();
      decoder.accept(response);
      measureNanos += System.nanoTime() - arrived;
    }
    decoder.finish();
    endLayer();
    return new Analysis(System.nanoTime() - start, measureNanos, layers, batches);
  }

  @Override
  public void started(CaptureStarted message) {
    started = message;
    beginLayer();
  }

  @Override
  public void tensor(TensorView tensor) {
    if (tensor.layer().isEmpty()) {
      requireFinite(tensor);
    } else {
      measure(tensor);
    }
  }

  private static void requireFinite(TensorView logits) {
    FloatBuffer values = logits.floats();
    while (values.hasRemaining()) {
      if (!Float.isFinite(values.get())) {
        throw new IllegalStateException("a logit is not finite");
      }
    }
  }

  private void measure(TensorView tensor) {
    if (tensor.layer().orElseThrow() != layer) {
      endLayer();
      layer++;
      beginLayer();
    }
    if (tensor.name().equals(CaptureSelection.VALUE_NORM)) {
      measurement.addValueNorm(tensor);
    } else {
      addPattern(tensor);
    }
  }

  private void addPattern(TensorView pattern) {
    if (layer == 0) {
      batches.add(
          new BatchShape(pattern.promptIndices().size(), pattern.shape().size(Axis.QUERY_POS)));
    }
    measurement.add(pattern);
  }

  private void beginLayer() {
    measurement =
        new LayerMeasurement(
            layer,
            started.getModel().getHeadCount(),
            started.getPromptsList().stream().map(TokenizedPrompt::getTokenIdsCount).toList());
  }

  private void endLayer() {
    long now = System.nanoTime();
    layers.add(new LayerMark(now - layerStart, measurement.finish()));
    layerStart = now;
  }
}

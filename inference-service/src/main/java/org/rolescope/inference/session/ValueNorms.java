package org.rolescope.inference.session;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.util.EnumMap;
import java.util.Map;
import org.rolescope.tensors.bundle.StageValues;

/**
 * Computes what each head would write to the residual stream if it attended to one key alone: the
 * Euclidean norm of v W_O (Kobayashi et al. 2020, "Attention is Not Only a Weight"), as sqrt(v (W_O
 * W_Oᵀ) vᵀ). Belongs to one pass, which uses it from one thread; holds nothing before it is used.
 */
final class ValueNorms implements AutoCloseable {
  private final Map<StageValues.Layout, Calculation> grams =
      new EnumMap<>(StageValues.Layout.class);
  private Calculation norms;

  /**
   * The products of a projection with itself, head by head.
   *
   * @param projection output projection, float32; stays the caller's
   * @param layout how it is laid out
   * @param headSize width of a head
   * @return the products; the caller closes them
   */
  HeadGrams grams(OnnxTensor projection, StageValues.Layout layout, int headSize) {
    long[] shape = projection.getInfo().getShape();
    long width =
        switch (layout) {
          case OUT_IN -> shape[1];
          case IN_OUT -> shape[0];
        };
    HeadGrams made = new HeadGrams(Math.toIntExact(width / headSize), headSize);
    try {
      for (int head = 0; head < made.headCount(); head++) {
        gram(projection, layout, made, head);
      }
      return made;
    } catch (RuntimeException failed) {
      made.close();
      throw failed;
    }
  }

  /**
   * Norms of a batch.
   *
   * @param values float32 [batch, pos, key_value_head, d_head]; stay the caller's
   * @param projections products of the projection of that layer
   * @return float32 [batch, head, key_pos]; the caller closes it
   */
  StageTensor norms(StageTensor values, HeadGrams projections) {
    if (norms == null) {
      norms = new Calculation(ValueNormGraphs.norms());
    }
    try (OnnxTensor grouped = projections.byGroup(values.shape()[2])) {
      return norms.run(
          Map.of(ValueNormGraphs.VALUES, values.onnx(), ValueNormGraphs.GRAMS, grouped),
          ValueNormGraphs.NORMS);
    }
  }

  @Override
  public void close() {
    grams.values().forEach(Calculation::close);
    if (norms != null) {
      norms.close();
    }
  }

  private void gram(OnnxTensor projection, StageValues.Layout layout, HeadGrams made, int head) {
    long begin = (long) head * made.headSize();
    try (OnnxTensor gram = made.ofHead(head);
        StageTensor from = StageTensor.ofLongs(new long[] {begin}, 1);
        StageTensor to = StageTensor.ofLongs(new long[] {begin + made.headSize()}, 1)) {
      grams
          .computeIfAbsent(layout, stored -> new Calculation(ValueNormGraphs.gram(stored)))
          .runInto(
              Map.of(
                  ValueNormGraphs.PROJECTION,
                  projection,
                  ValueNormGraphs.BEGIN,
                  from.onnx(),
                  ValueNormGraphs.END,
                  to.onnx()),
              ValueNormGraphs.GRAM,
              gram);
    }
  }

  /** One of the graphs, loaded. */
  private static final class Calculation implements AutoCloseable {
    private final OrtSession session;
    private final NativeHandles.Handle handle;

    private Calculation(ModelProto graph) {
      try (SessionOptions options = OnnxRuntime.sessionOptions()) {
        session = OnnxRuntime.environment().createSession(graph.toByteArray(), options);
      } catch (OrtException failed) {
        throw OnnxRuntime.failure("loading " + graph.getGraph().getName(), failed);
      }
      handle = new NativeHandles.Handle(NativeHandles.Scope.PASS);
    }

    private StageTensor run(Map<String, OnnxTensor> inputs, String output) {
      try {
        // The result is not closed: its one tensor goes on living.
        return new StageTensor((OnnxTensor) session.run(inputs).get(output).orElseThrow());
      } catch (OrtException failed) {
        throw OnnxRuntime.failure("computing " + output, failed);
      }
    }

    /** Runs with an output whose memory is the caller's. */
    private void runInto(Map<String, OnnxTensor> inputs, String output, OnnxTensor target) {
      try (OrtSession.Result _ = session.run(inputs, Map.of(output, target))) {
        return;
      } catch (OrtException failed) {
        throw OnnxRuntime.failure("computing " + output, failed);
      }
    }

    @Override
    public void close() {
      try {
        session.close();
      } catch (OrtException failed) {
        throw OnnxRuntime.failure("closing a calculation", failed);
      } finally {
        handle.close();
      }
    }
  }
}

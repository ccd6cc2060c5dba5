package org.rolescope.bench.baseline;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rolescope.bench.analysis.Analysis.BatchShape;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageTap;

/**
 * The stages of a bundle straight on ONNX Runtime: every session is loaded from its file as any
 * ONNX tool would, all stay resident, and a run is nothing but session calls in the order of the
 * service: all batches through a stage, then the next.
 */
public final class BareChain implements AutoCloseable {
  private static final String RESIDUAL_IN = "resid_pre";
  private static final String RESIDUAL_OUT = "resid_post";
  private static final String PATTERN = "pattern";

  private final List<OrtSession> sessions = new ArrayList<>();
  private final List<Set<String>> outputs = new ArrayList<>();
  private final List<BareInputs> batches = new ArrayList<>();

  private BareChain() {}

  /**
   * Loads the stages up to the last block.
   *
   * @param bundle folder of the bundle
   * @param manifest its manifest
   * @param shapes the batches to run
   */
  public static BareChain open(Path bundle, BundleManifest manifest, List<BatchShape> shapes) {
    BareChain chain = new BareChain();
    try (SessionOptions options = OnnxSessions.ofService()) {
      for (Stage stage : manifest.stages()) {
        if (stage.kind() != Stage.Kind.UNEMBED) {
          String file = bundle.resolve(stage.file()).toString();
          chain.sessions.add(OnnxSessions.environment().createSession(file, options));
          chain.outputs.add(outputsOf(stage));
        }
      }
      for (BatchShape shape : shapes) {
        chain.batches.add(BareInputs.of(shape, manifest.dimensions().headSize()));
      }
      return chain;
    } catch (OrtException failed) {
      chain.close();
      throw new IllegalStateException("ONNX Runtime cannot load " + bundle, failed);
    }
  }

  /** Runs all batches through all stages. */
  public void run() {
    List<OnnxTensor> residuals = new ArrayList<>();
    batches.forEach(_ -> residuals.add(null));
    try {
      for (int stage = 0; stage < sessions.size(); stage++) {
        for (int batch = 0; batch < batches.size(); batch++) {
          residuals.set(batch, run(stage, batches.get(batch), residuals.get(batch)));
        }
      }
    } catch (OrtException failed) {
      throw new IllegalStateException("ONNX Runtime failed at a stage", failed);
    } finally {
      residuals.stream().filter(java.util.Objects::nonNull).forEach(OnnxTensor::close);
    }
  }

  @Override
  public void close() {
    batches.forEach(BareInputs::close);
    for (OrtSession session : sessions) {
      try {
        session.close();
      } catch (OrtException failed) {
        throw new IllegalStateException("ONNX Runtime cannot close a stage", failed);
      }
    }
  }

  private OnnxTensor run(int stage, BareInputs batch, OnnxTensor residual) throws OrtException {
    OrtSession session = sessions.get(stage);
    Map<String, OnnxTensor> inputs = new HashMap<>(batch.byName());
    if (residual != null) {
      inputs.put(RESIDUAL_IN, residual);
    }
    inputs.keySet().retainAll(session.getInputNames());
    // Not closed as a whole: the residual stream lives on until the next stage has run.
    OrtSession.Result result = session.run(inputs, outputs.get(stage));
    for (Map.Entry<String, ai.onnxruntime.OnnxValue> output : result) {
      if (!output.getKey().equals(RESIDUAL_OUT)) {
        output.getValue().close();
      }
    }
    if (residual != null) {
      residual.close();
    }
    return (OnnxTensor) result.get(RESIDUAL_OUT).orElseThrow();
  }

  private static Set<String> outputsOf(Stage stage) {
    Set<String> names = new HashSet<>(Set.of(RESIDUAL_OUT));
    stage.taps().stream()
        .filter(tap -> tap.name().equals(PATTERN))
        .map(StageTap::output)
        .forEach(names::add);
    return names;
  }
}

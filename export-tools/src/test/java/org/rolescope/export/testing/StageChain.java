package org.rolescope.export.testing;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.ModelDimensions;
import org.rolescope.tensors.bundle.Stage;

/**
 * Runs the stages of a bundle one after the other in plain ONNX Runtime, which reads the weights
 * from disk by itself.
 */
public final class StageChain {
  private final Path bundle;
  private final BundleManifest manifest;
  private final boolean inject;
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

  private StageChain(Path bundle, BundleManifest manifest, boolean inject) {
    this.bundle = bundle;
    this.manifest = manifest;
    this.inject = inject;
  }

  /** The stages of a bundle, run from the files in it. */
  public static StageChain of(Path bundle, BundleManifest manifest) {
    return new StageChain(bundle, manifest, false);
  }

  /** The stages of a bundle, every weight handed to the session from its source file. */
  public static StageChain injecting(Path bundle, BundleManifest manifest) {
    return new StageChain(bundle, manifest, true);
  }

  /**
   * Runs a batch of prompts of equal length.
   *
   * @param ids token ids, [batch][pos]
   * @return every tap as {@code name.layer}, and {@code logits} of the last position, [batch,
   *     vocab]
   */
  public Map<String, float[]> run(long[][] ids) throws OrtException {
    Map<String, float[]> taps = new HashMap<>();
    float[] residual = new float[0];
    for (Stage stage : manifest.stages()) {
      Map<String, float[]> outputs =
          switch (stage.kind()) {
            case EMBED -> embed(stage, ids);
            case BLOCKS -> blocks(stage, residual, ids.length, ids[0].length);
            case UNEMBED -> unembed(stage, lastRows(residual, ids.length, ids[0].length));
          };
      stage
          .taps()
          .forEach(
              tap -> taps.put(tapKey(stage, tap.name(), tap.layer()), outputs.get(tap.output())));
      residual = outputs.getOrDefault("resid_post", residual);
    }
    return taps;
  }

  private static String tapKey(Stage stage, String name, int layer) {
    return stage.kind() == Stage.Kind.UNEMBED ? name : name + "." + layer;
  }

  private Map<String, float[]> embed(Stage stage, long[][] ids) throws OrtException {
    LongBuffer flat = LongBuffer.allocate(ids.length * ids[0].length);
    for (long[] prompt : ids) {
      flat.put(prompt);
    }
    try (OnnxTensor input =
        OnnxTensor.createTensor(environment, flat.flip(), new long[] {ids.length, ids[0].length})) {
      return run(stage, Map.of("input_ids", input));
    }
  }

  private Map<String, float[]> blocks(Stage stage, float[] residual, int batch, int positions)
      throws OrtException {
    ModelDimensions dimensions = manifest.dimensions();
    float[] cosines = new float[batch * positions * dimensions.headSize() / 2];
    float[] sines = new float[cosines.length];
    float[] mask = new float[batch * positions * positions];
    fillPositions(cosines, sines, positions);
    fillCausal(mask, positions);
    try (OnnxTensor residualTensor = tensor(residual, batch, positions, dimensions.hiddenSize());
        OnnxTensor cosineTensor = tensor(cosines, batch, positions, dimensions.headSize() / 2);
        OnnxTensor sineTensor = tensor(sines, batch, positions, dimensions.headSize() / 2);
        OnnxTensor maskTensor = tensor(mask, batch, positions, positions)) {
      return run(
          stage,
          Map.of(
              "resid_pre", residualTensor,
              "cos", cosineTensor,
              "sin", sineTensor,
              "mask", maskTensor));
    }
  }

  private Map<String, float[]> unembed(Stage stage, float[] rows) throws OrtException {
    int width = manifest.dimensions().hiddenSize();
    try (OnnxTensor input = tensor(rows, rows.length / width, width)) {
      return run(stage, Map.of("resid_post", input));
    }
  }

  private void fillPositions(float[] cosines, float[] sines, int positions) {
    int pairs = manifest.rotary().inverseFrequencies().size();
    for (int i = 0; i < cosines.length; i++) {
      double angle = i / pairs % positions * manifest.rotary().inverseFrequencies().get(i % pairs);
      cosines[i] = (float) (Math.cos(angle) * manifest.rotary().attentionScaling());
      sines[i] = (float) (Math.sin(angle) * manifest.rotary().attentionScaling());
    }
  }

  private static void fillCausal(float[] mask, int positions) {
    for (int i = 0; i < mask.length; i++) {
      int query = i / positions % positions;
      int key = i % positions;
      mask[i] = key <= query ? 0 : -Float.MAX_VALUE;
    }
  }

  private float[] lastRows(float[] residual, int batch, int positions) {
    int width = manifest.dimensions().hiddenSize();
    float[] rows = new float[batch * width];
    for (int prompt = 0; prompt < batch; prompt++) {
      int last = (prompt * positions + positions - 1) * width;
      System.arraycopy(residual, last, rows, prompt * width, width);
    }
    return rows;
  }

  private Map<String, float[]> run(Stage stage, Map<String, OnnxTensor> inputs)
      throws OrtException {
    Path source = Path.of(manifest.weightFiles().getFirst().source());
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        WeightInjection injection = new WeightInjection(source)) {
      options.setIntraOpNumThreads(1);
      Path file = bundle.resolve(stage.file());
      if (inject) {
        file = injection.apply(file, stage.weights(), options);
      }
      try (OrtSession session = environment.createSession(file.toString(), options);
          OrtSession.Result result = session.run(inputs)) {
        Map<String, float[]> outputs = new HashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
          outputs.put(output.getKey(), floats((OnnxTensor) output.getValue()));
        }
        return outputs;
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private OnnxTensor tensor(float[] values, long... shape) throws OrtException {
    return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
  }

  private static float[] floats(OnnxTensor tensor) {
    FloatBuffer buffer = tensor.getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }
}

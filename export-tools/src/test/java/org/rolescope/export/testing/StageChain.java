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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.ModelDimensions;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.WeightFile;

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
    List<float[]> logits = new ArrayList<>();
    float[] residual = new float[0];
    for (Stage stage : manifest.stages()) {
      Map<String, float[]> outputs =
          switch (stage.kind()) {
            case EMBED -> embed(stage, ids);
            case BLOCKS -> blocks(stage, residual, ids.length, ids[0].length);
            case UNEMBED -> unembed(stage, lastRows(residual, ids.length, ids[0].length));
            case MODEL -> throw new IllegalStateException("a whole model is no chain");
          };
      if (stage.kind() == Stage.Kind.UNEMBED) {
        logits.add(outputs.get("logits"));
      } else {
        stage
            .taps()
            .forEach(tap -> taps.put(tap.name() + "." + tap.layer(), outputs.get(tap.output())));
        residual = outputs.get("resid_post");
      }
    }
    taps.put("logits", joined(logits, ids.length));
    return taps;
  }

  /** Parts of the vocabulary, each [row, part], side by side: [row, vocab]. */
  private static float[] joined(List<float[]> parts, int rows) {
    int width = parts.stream().mapToInt(part -> part.length / rows).sum();
    float[] whole = new float[rows * width];
    int column = 0;
    for (float[] part : parts) {
      int size = part.length / rows;
      for (int row = 0; row < rows; row++) {
        System.arraycopy(part, row * size, whole, row * width + column, size);
      }
      column += size;
    }
    return whole;
  }

  private Map<String, float[]> embed(Stage stage, long[][] ids) throws OrtException {
    long[] flat = Arrays.stream(ids).flatMapToLong(Arrays::stream).toArray();
    long[] positions = new SequenceArrays(manifest, ids[0].length).positionIds(ids.length);
    long[] shape = {ids.length, ids[0].length};
    Map<String, OnnxTensor> inputs = new HashMap<>();
    inputs.put("input_ids", OnnxTensor.createTensor(environment, LongBuffer.wrap(flat), shape));
    inputs.put(
        "position_ids", OnnxTensor.createTensor(environment, LongBuffer.wrap(positions), shape));
    return run(stage, inputs);
  }

  private Map<String, float[]> blocks(Stage stage, float[] residual, int batch, int positions)
      throws OrtException {
    ModelDimensions dimensions = manifest.dimensions();
    SequenceArrays arrays = new SequenceArrays(manifest, positions);
    Map<String, OnnxTensor> inputs = new HashMap<>();
    inputs.put("resid_pre", tensor(residual, batch, positions, dimensions.hiddenSize()));
    inputs.put("mask", tensor(arrays.mask(positions), 1, positions, positions));
    inputs.put(
        "sliding_mask", tensor(arrays.mask(manifest.slidingWindow()), 1, positions, positions));
    if (manifest.rotary() != null) {
      long pairs = dimensions.headSize() / 2;
      inputs.put("cos", tensor(arrays.cosines(), 1, positions, pairs));
      inputs.put("sin", tensor(arrays.sines(), 1, positions, pairs));
    }
    return run(stage, inputs);
  }

  private Map<String, float[]> unembed(Stage stage, float[] rows) throws OrtException {
    int width = manifest.dimensions().hiddenSize();
    return run(
        stage, new HashMap<>(Map.of("resid_post", tensor(rows, rows.length / width, width))));
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

  /** Runs a stage with those inputs it declares; closes them all. */
  private Map<String, float[]> run(Stage stage, Map<String, OnnxTensor> inputs)
      throws OrtException {
    List<Path> sources =
        manifest.weightFiles().stream().map(WeightFile::source).map(Path::of).toList();
    List<OnnxTensor> all = List.copyOf(inputs.values());
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        WeightInjection injection = new WeightInjection(sources)) {
      options.setIntraOpNumThreads(1);
      Path file = bundle.resolve(stage.file());
      if (inject) {
        file = injection.apply(file, stage.weights(), options);
      }
      try (OrtSession session = environment.createSession(file.toString(), options)) {
        inputs.keySet().retainAll(session.getInputNames());
        return outputs(session, inputs);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } finally {
      all.forEach(OnnxTensor::close);
    }
  }

  private static Map<String, float[]> outputs(OrtSession session, Map<String, OnnxTensor> inputs)
      throws OrtException {
    try (OrtSession.Result result = session.run(inputs)) {
      Map<String, float[]> outputs = new HashMap<>();
      for (Map.Entry<String, OnnxValue> output : result) {
        outputs.put(output.getKey(), floats((OnnxTensor) output.getValue()));
      }
      return outputs;
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

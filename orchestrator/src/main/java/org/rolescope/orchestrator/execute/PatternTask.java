package org.rolescope.orchestrator.execute;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.artifacts.PatternArchive;
import org.rolescope.orchestrator.client.InferenceClient;
import org.rolescope.orchestrator.runstore.AtomicFiles;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.CaptureDecoder;
import org.rolescope.v1.CaptureStarted;

/**
 * Stores the attention patterns of one model, an archive a layer. Holds one layer in memory.
 *
 * @param measurement the model
 * @param steps a step for each layer, in order; may be empty
 * @param inference who captures
 * @param maxLayerBytes most bytes one layer of patterns may take in memory
 */
record PatternTask(
    Measurement measurement, List<Step> steps, InferenceClient inference, long maxLayerBytes)
    implements Task {
  PatternTask {
    requireNonNull(measurement, "measurement is null");
    steps = List.copyOf(steps);
    requireNonNull(inference, "inference is null");
  }

  @Override
  public void run(Progress progress) {
    int first = Measurement.firstMissing(steps);
    if (first < steps.size()) {
      Keeper keeper = new Keeper(first, progress);
      inference.capturePatterns(measurement.from(first), keeper);
      keeper.finish();
    }
  }

  private final class Keeper implements CaptureDecoder.Sink {
    private final Progress progress;
    private int layer;
    private CaptureStarted started;
    private LayerPatterns patterns;

    private Keeper(int firstLayer, Progress progress) {
      layer = firstLayer;
      this.progress = progress;
    }

    @Override
    public void started(CaptureStarted first) {
      measurement.confirm(first);
      checkSize(first);
      started = first;
      patterns = emptyLayer();
    }

    @Override
    public void tensor(TensorView batch) {
      patterns.add(batch);
      if (patterns.isComplete()) {
        keep();
        layer++;
        patterns = emptyLayer();
      }
    }

    private void finish() {
      if (layer < steps.size()) {
        throw new RolescopeException(
            FaultCode.DATA_LOSS,
            "The inference service ended its stream before layer %d of model %s was complete; start the plan again to go on there"
                .formatted(layer, measurement.model().getName()));
      }
    }

    private void keep() {
      Step step = steps.get(layer);
      if (!step.isDone()) {
        AtomicFiles.write(
            step.file(),
            out ->
                PatternArchive.write(
                    out, layer, measurement.run().plan().promptSet(), patterns.inPromptOrder()));
        progress.finished(step);
      }
    }

    private LayerPatterns emptyLayer() {
      return new LayerPatterns(layer, measurement.model().getHeadCount(), started);
    }

    private void checkSize(CaptureStarted first) {
      long layerBytes = LayerPatterns.sizeBytes(measurement.model().getHeadCount(), first);
      if (layerBytes > maxLayerBytes) {
        throw new RolescopeException(
            FaultCode.RESOURCE_EXHAUSTED,
            "The attention patterns of one layer of model %s take %d bytes, more than the %d there are for them; skip the raw patterns, shorten the prompts, or give the orchestrator more memory"
                .formatted(measurement.model().getName(), layerBytes, maxLayerBytes));
      }
    }
  }
}

package org.rolescope.orchestrator.execute;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.rolescope.orchestrator.client.MetricsClient;
import org.rolescope.orchestrator.runstore.Checkpoint;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.LayerEntropies;

/**
 * Measures the entropies of one model; each layer is kept as it comes.
 *
 * @param measurement the model
 * @param steps a step for each layer, in order
 * @param metrics who measures
 */
record EntropyTask(Measurement measurement, List<Step> steps, MetricsClient metrics)
    implements Task {
  EntropyTask {
    requireNonNull(measurement, "measurement is null");
    steps = List.copyOf(steps);
    requireNonNull(metrics, "metrics is null");
  }

  @Override
  public void run(Progress progress) {
    int first = Measurement.firstMissing(steps);
    if (first < steps.size()) {
      metrics.measureEntropies(measurement.from(first), new Keeper(progress));
    }
  }

  private final class Keeper implements MetricsClient.EntropySink {
    private final Progress progress;

    private Keeper(Progress progress) {
      this.progress = progress;
    }

    @Override
    public void started(CaptureStarted started) {
      measurement.confirm(started);
    }

    @Override
    public void layer(LayerEntropies layer) {
      Step step = steps.get(layer.getLayer());
      if (!step.isDone()) {
        Checkpoint.write(step.file(), layer);
        progress.finished(step);
      }
    }
  }
}

package org.rolescope.orchestrator.intervene;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.rolescope.orchestrator.client.MetricsClient;
import org.rolescope.orchestrator.runstore.Checkpoint;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.RunPair;

/**
 * Measures entropies, with and without interventions; each layer is kept as it comes.
 *
 * @param work the run
 */
record EntropySteps(AblationWork work) {
  EntropySteps {
    requireNonNull(work, "work is null");
  }

  /** The file of each layer of the un-intervened run. */
  List<Path> cleanFiles() {
    return IntStream.range(0, layerCount()).mapToObj(work.folder()::cleanEntropies).toList();
  }

  /**
   * Measures the un-intervened run, as far as it is not there.
   *
   * @param kept told of each layer that is written
   */
  void measureClean(IntConsumer kept) {
    measure(0, List.of(), cleanFiles(), kept);
  }

  /**
   * Measures a run under an intervention, as far as it is not there.
   *
   * @param name name of the intervention
   * @param first the first layer it changes; all from there to the last are measured
   */
  void measure(String name, int first, List<Intervention> interventions) {
    List<Path> files =
        IntStream.range(first, layerCount())
            .mapToObj(layer -> work.folder().entropies(name, layer))
            .toList();
    measure(first, interventions, files, layer -> {});
  }

  /** The layers of both runs from the first changed one on, each read when its turn comes. */
  Iterator<RunPair> pairs(String name, int first) {
    return IntStream.range(first, layerCount())
        .mapToObj(
            layer ->
                RunPair.newBuilder()
                    .setClean(read(work.folder().cleanEntropies(layer)))
                    .setIntervened(read(work.folder().entropies(name, layer)))
                    .build())
        .iterator();
  }

  /** All layers under an intervention; those before the first changed one are as without it. */
  Iterator<LayerEntropies> layers(String name, int first) {
    return IntStream.range(0, layerCount())
        .mapToObj(
            layer ->
                layer < first
                    ? work.folder().cleanEntropies(layer)
                    : work.folder().entropies(name, layer))
        .map(EntropySteps::read)
        .iterator();
  }

  private void measure(
      int first, List<Intervention> interventions, List<Path> files, IntConsumer kept) {
    int missing = 0;
    while (missing < files.size() && Files.exists(files.get(missing))) {
      missing++;
    }
    if (missing < files.size()) {
      work.services()
          .metrics()
          .measureEntropies(
              work.model(),
              work.requests().entropies(first + missing, interventions),
              new Keeper(first, files, kept));
    }
  }

  private int layerCount() {
    return work.model().getLayerCount();
  }

  private static LayerEntropies read(Path file) {
    return Checkpoint.read(file, LayerEntropies.parser());
  }

  private final class Keeper implements MetricsClient.EntropySink {
    private final int first;
    private final List<Path> files;
    private final IntConsumer kept;

    private Keeper(int first, List<Path> files, IntConsumer kept) {
      this.first = first;
      this.files = files;
      this.kept = kept;
    }

    @Override
    public void started(CaptureStarted message) {
      work.confirm(message);
    }

    @Override
    public void layer(LayerEntropies layer) {
      Path file = files.get(layer.getLayer() - first);
      if (!Files.exists(file)) {
        Checkpoint.write(file, layer);
        kept.accept(layer.getLayer());
      }
    }
  }
}

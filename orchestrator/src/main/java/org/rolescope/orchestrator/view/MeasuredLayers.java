package org.rolescope.orchestrator.view;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.artifacts.EntropyNames;
import org.rolescope.orchestrator.artifacts.ModelPart;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.report.FinishedRun;
import org.rolescope.orchestrator.runstore.Checkpoint;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.EntropyTable;
import org.rolescope.v1.LayerEntropies;

/** The entropies that a run kept, each layer read when it is first asked for. Thread-safe. */
final class MeasuredLayers {
  private final FinishedRun run;
  private final SortedMap<ModelSlot, String> parts = new TreeMap<>();
  private final Map<ModelLayer, LayerEntropies> read = new ConcurrentHashMap<>();

  MeasuredLayers(FinishedRun run) {
    this.run = run;
    run.run()
        .models()
        .keySet()
        .forEach(slot -> parts.put(slot, ModelPart.of(slot, run.compares())));
  }

  private record ModelLayer(ModelSlot slot, int layer) {}

  /** The part each model plays, base first. */
  SortedMap<ModelSlot, String> parts() {
    return parts;
  }

  int layerCount() {
    return run.run().model(ModelSlot.RUN).getLayerCount();
  }

  int headCount() {
    return run.run().model(ModelSlot.RUN).getHeadCount();
  }

  /** Categories of the prompts, in order. */
  List<String> categories() {
    return categoryOfEachPrompt().stream().distinct().toList();
  }

  List<String> categoryOfEachPrompt() {
    return run.run().plan().promptSet().categoryOfEachPrompt();
  }

  /** Places of the prompts of each category among all, categories in order. */
  Map<String, int[]> promptsOfEachCategory() {
    List<String> categoryOfEach = categoryOfEachPrompt();
    Map<String, int[]> prompts = new LinkedHashMap<>();
    for (String category : categories()) {
      prompts.put(
          category,
          IntStream.range(0, categoryOfEach.size())
              .filter(prompt -> categoryOfEach.get(prompt).equals(category))
              .toArray());
    }
    return prompts;
  }

  /** One layer of one model. */
  LayerEntropies layer(ModelSlot slot, int layer) {
    return read.computeIfAbsent(
        new ModelLayer(slot, layer),
        missing ->
            Checkpoint.read(
                run.folder().entropies(missing.slot(), missing.layer()), LayerEntropies.parser()));
  }

  /**
   * Entropies of one kind of one layer of one model.
   *
   * @throws RolescopeException INVALID_ARGUMENT where that kind was not measured
   */
  EntropyTable table(ModelSlot slot, int layer, EntropyKind kind) {
    List<EntropyTable> tables = layer(slot, layer).getTablesList();
    return tables.stream()
        .filter(table -> table.getKind() == kind)
        .findFirst()
        .orElseThrow(() -> notMeasured(kind, tables));
  }

  private RolescopeException notMeasured(EntropyKind kind, List<EntropyTable> tables) {
    return new RolescopeException(
        FaultCode.INVALID_ARGUMENT,
        "Run %s did not measure entropy %s; use one of %s"
            .formatted(
                run.run().id(),
                EntropyNames.name(kind),
                String.join(
                    ", ",
                    tables.stream().map(table -> EntropyNames.name(table.getKind())).toList())));
  }
}

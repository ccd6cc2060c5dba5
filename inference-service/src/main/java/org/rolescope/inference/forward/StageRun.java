package org.rolescope.inference.forward;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.intervene.ChangeInputs;
import org.rolescope.inference.session.ModelInputs;
import org.rolescope.inference.session.OpenStage;
import org.rolescope.inference.session.StageTensor;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageTap;
import org.rolescope.tensors.bundle.StageValues;

/** One stage over all batches, one after the other. */
final class StageRun {
  private static final String RESID_PRE = "resid_pre";
  private static final String RESID_POST = "resid_post";
  private static final String INPUT_IDS = "input_ids";
  private static final String POSITION_IDS = "position_ids";

  /** Order in which the taps of a layer leave. */
  private static final List<String> LAYER_TAPS =
      List.of(CaptureSelection.VALUE_NORM, "pattern", "z", RESID_POST);

  private final OpenStage open;
  private final BundleManifest manifest;
  private final Stage stage;
  private final Function<PromptBatch, ChangeInputs> changes;
  private final Consumer<TensorView> sink;
  private List<StageTap> wanted = List.of();
  private boolean wantsLogits;

  /**
   * With one layer a stage a tensor leaves as soon as it is there. With several, those of later
   * layers wait here until the earlier layers of all batches have left: consumers rely on the
   * order.
   */
  private final SortedMap<Integer, List<TensorView>> waiting = new TreeMap<>();

  private long runNanos;

  /**
   * A stage that is about to run.
   *
   * @param open the stage
   * @param manifest its manifest
   * @param changes inputs that change what a batch computes
   * @param sink takes each tensor
   */
  StageRun(
      OpenStage open,
      BundleManifest manifest,
      Function<PromptBatch, ChangeInputs> changes,
      Consumer<TensorView> sink) {
    this.open = open;
    this.manifest = manifest;
    this.stage = open.stage();
    this.changes = changes;
    this.sink = sink;
  }

  /** Says what is wanted of the batches that run next. */
  void begin(CaptureSelection selection) {
    wanted = wantedTaps(stage, selection);
    wantsLogits = selection.wantsLogits();
  }

  /** Runs a batch, replacing its residual stream. */
  void run(BatchState state) {
    switch (stage.kind()) {
      case EMBED -> embed(state);
      case BLOCKS -> runBlocks(state);
      case UNEMBED -> unembed(state);
      case MODEL -> runModel(state);
    }
  }

  /**
   * What the stage cost.
   *
   * @param batchCount batches it ran
   * @param totalNanos time since the pass asked for it
   */
  StageReport report(int batchCount, long totalNanos) {
    return new StageReport(
        stage, open.isResident(), open.loadTimes(), batchCount, runNanos, totalNanos);
  }

  /** Hands over what had to wait; call after the last batch. */
  void finish() {
    waiting.values().forEach(layer -> layer.forEach(sink));
    waiting.clear();
  }

  private void embed(BatchState state) {
    PromptBatch batch = state.batch();
    try (StageTensor ids = StageTensor.ofLongs(batch.flatTokenIds(), batch.size(), batch.length());
        StageTensor positions =
            StageTensor.ofLongs(batch.flatPositions(), batch.size(), batch.length())) {
      Map<String, StageTensor> offered = Map.of(INPUT_IDS, ids, POSITION_IDS, positions);
      state.residual(run(offered, Set.of(RESID_POST)).get(RESID_POST));
    }
  }

  private void runBlocks(BatchState state) {
    Map<String, StageTensor> offered = new HashMap<>(state.positions().byName());
    offered.put(RESID_PRE, state.residual());
    Set<String> outputs = new HashSet<>(Set.of(RESID_POST));
    wanted.forEach(tap -> outputs.add(tap.output()));
    Map<String, StageTensor> results = runChanged(state.batch(), offered, outputs);
    try {
      wanted.forEach(tap -> emit(tap, tensor(tap, results.get(tap.output()), state.batch())));
    } finally {
      state.residual(results.remove(RESID_POST));
      results.values().forEach(StageTensor::close);
    }
  }

  private Map<String, StageTensor> runChanged(
      PromptBatch batch, Map<String, StageTensor> offered, Set<String> outputs) {
    try (ChangeInputs inputs = changes.apply(batch)) {
      offered.putAll(inputs.byName());
      return run(offered, outputs);
    }
  }

  private void runModel(BatchState state) {
    PromptBatch batch = state.batch();
    Set<String> outputs = new HashSet<>();
    wanted.forEach(tap -> outputs.add(tap.output()));
    if (wantsLogits) {
      outputs.add(CaptureSelection.LOGITS);
    }
    try (ModelInputs inputs =
        ModelInputs.of(open.inputShapes(), batch.flatTokenIds(), batch.size(), batch.length())) {
      Map<String, StageTensor> results = run(inputs.byName(), outputs);
      try {
        wanted.forEach(tap -> emit(tap, view(tap, results.get(tap.output()), batch)));
        if (wantsLogits) {
          keepLogits(state, results.get(CaptureSelection.LOGITS));
        }
      } finally {
        results.values().forEach(StageTensor::close);
      }
    }
  }

  /** The logits of the last position wait for all layers. */
  private void keepLogits(BatchState state, StageTensor all) {
    long[] shape = {state.batch().size(), manifest.dimensions().vocabularySize()};
    try (StageTensor last = BatchState.lastRows(all)) {
      LogitsRows rows = state.logits(manifest.dimensions().vocabularySize());
      rows.add(last.copyBytes(), Math.toIntExact(last.shape()[1]));
      state.forgetLogits();
      waiting
          .computeIfAbsent(Integer.MAX_VALUE, _ -> new ArrayList<>())
          .add(
              view(
                  CaptureSelection.LOGITS,
                  OptionalInt.empty(),
                  shape,
                  rows.bytes(),
                  state.batch()));
    }
  }

  private TensorView tensor(StageTap tap, StageTensor output, PromptBatch batch) {
    if (!tap.name().equals(CaptureSelection.VALUE_NORM)) {
      return view(tap, output, batch);
    }
    long start = System.nanoTime();
    try (StageTensor norms = open.valueNorms(values(tap), output)) {
      runNanos += System.nanoTime() - start;
      return view(tap, norms, batch);
    }
  }

  private StageValues values(StageTap tap) {
    return stage.values().stream()
        .filter(values -> values.layer() == tap.layer())
        .findFirst()
        .orElseThrow();
  }

  private Map<String, StageTensor> run(Map<String, StageTensor> offered, Set<String> outputs) {
    Map<String, StageTensor> feeds = feeds(offered);
    long start = System.nanoTime();
    Map<String, StageTensor> results = open.run(feeds, outputs);
    runNanos += System.nanoTime() - start;
    return results;
  }

  /** The inputs the graph declares; it may declare fewer than there are. */
  private Map<String, StageTensor> feeds(Map<String, StageTensor> offered) {
    Map<String, StageTensor> feeds = new HashMap<>();
    for (String name : open.inputNames()) {
      StageTensor tensor = offered.get(name);
      if (tensor == null) {
        throw new RolescopeException(
            FaultCode.MALFORMED_MODEL,
            "Stage %s asks for the input %s, which a model like this does not have; export the model again"
                .formatted(stage.file(), name));
      }
      feeds.put(name, tensor);
    }
    return feeds;
  }

  private void emit(StageTap tap, TensorView tensor) {
    if (tap.layer() == wanted.getFirst().layer()) {
      sink.accept(tensor);
    } else {
      waiting.computeIfAbsent(tap.layer(), _ -> new ArrayList<>()).add(tensor);
    }
  }

  /** Joins this stage's part of the vocabulary to those before; the last part sends them all. */
  private void unembed(BatchState state) {
    LogitsRows rows = state.logits(manifest.dimensions().vocabularySize());
    try (StageTensor part =
        run(Map.of(RESID_POST, state.lastRows()), Set.of(CaptureSelection.LOGITS))
            .get(CaptureSelection.LOGITS)) {
      rows.add(part.copyBytes(), Math.toIntExact(part.shape()[1]));
    }
    if (stage.equals(manifest.stages().getLast())) {
      long[] shape = {state.batch().size(), manifest.dimensions().vocabularySize()};
      state.forgetLogits();
      sink.accept(
          view(CaptureSelection.LOGITS, OptionalInt.empty(), shape, rows.bytes(), state.batch()));
    }
  }

  private static List<StageTap> wantedTaps(Stage stage, CaptureSelection selection) {
    List<StageTap> offered = new ArrayList<>(stage.taps());
    stage.values().stream()
        .map(values -> new StageTap(CaptureSelection.VALUE_NORM, values.layer(), values.output()))
        .forEach(offered::add);
    List<StageTap> wanted = new ArrayList<>();
    for (int layer = stage.firstLayer(); layer <= stage.lastLayer(); layer++) {
      for (String name : LAYER_TAPS) {
        for (StageTap tap : offered) {
          if (tap.layer() == layer && tap.name().equals(name) && selection.wants(name, layer)) {
            wanted.add(tap);
          }
        }
      }
    }
    return wanted;
  }

  private static TensorView view(StageTap tap, StageTensor tensor, PromptBatch batch) {
    return view(tap.name(), OptionalInt.of(tap.layer()), tensor.shape(), tensor.copyBytes(), batch);
  }

  private static TensorView view(
      String tap, OptionalInt layer, long[] shape, ByteBuffer bytes, PromptBatch batch) {
    return new TensorView(tap, layer, TapShapes.of(tap, shape), batch.promptIndices(), bytes);
  }
}

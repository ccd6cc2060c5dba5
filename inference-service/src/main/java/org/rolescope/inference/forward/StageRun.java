package org.rolescope.inference.forward;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
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
import org.rolescope.inference.session.StageSession;
import org.rolescope.inference.session.StageTensor;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageTap;

/** One stage over all batches, one after the other. */
final class StageRun {
  private static final String RESID_PRE = "resid_pre";
  private static final String RESID_POST = "resid_post";
  private static final String INPUT_IDS = "input_ids";

  /** Order in which the taps of a layer leave. */
  private static final List<String> LAYER_TAPS = List.of("pattern", "z", RESID_POST);

  private final StageSession session;
  private final Stage stage;
  private final List<StageTap> wanted;
  private final Consumer<TensorView> sink;

  /**
   * With one layer a stage a tensor leaves as soon as it is there. With several, those of later
   * layers wait here until the earlier layers of all batches have left: consumers rely on the
   * order.
   */
  private final SortedMap<Integer, List<TensorView>> waiting = new TreeMap<>();

  StageRun(StageSession session, CaptureSelection selection, Consumer<TensorView> sink) {
    this.session = session;
    this.stage = session.stage();
    this.wanted = wantedTaps(stage, selection);
    this.sink = sink;
  }

  /** Runs a batch, replacing its residual stream. */
  void run(BatchState state) {
    switch (stage.kind()) {
      case EMBED -> embed(state);
      case BLOCKS -> runBlocks(state);
      case UNEMBED -> unembed(state);
    }
  }

  /** Hands over what had to wait; call once, after the last batch. */
  void finish() {
    waiting.values().forEach(layer -> layer.forEach(sink));
  }

  private void embed(BatchState state) {
    PromptBatch batch = state.batch();
    try (StageTensor ids =
        StageTensor.ofLongs(batch.flatTokenIds(), batch.size(), batch.length())) {
      state.residual(session.run(Map.of(INPUT_IDS, ids), Set.of(RESID_POST)).get(RESID_POST));
    }
  }

  private void runBlocks(BatchState state) {
    Map<String, StageTensor> inputs = new HashMap<>(state.positions().byName());
    inputs.put(RESID_PRE, state.residual());
    Set<String> outputs = new HashSet<>(Set.of(RESID_POST));
    wanted.forEach(tap -> outputs.add(tap.output()));
    Map<String, StageTensor> results = session.run(inputs, outputs);
    try {
      wanted.forEach(tap -> emit(tap, view(tap, results.get(tap.output()), state.batch())));
    } finally {
      state.residual(results.remove(RESID_POST));
      results.values().forEach(StageTensor::close);
    }
  }

  private void emit(StageTap tap, TensorView tensor) {
    if (tap.layer() == stage.firstLayer()) {
      sink.accept(tensor);
    } else {
      waiting.computeIfAbsent(tap.layer(), _ -> new ArrayList<>()).add(tensor);
    }
  }

  private void unembed(BatchState state) {
    int width = Math.toIntExact(state.residual().shape()[2]);
    FloatBuffer last = lastPositions(state.residual());
    try (StageTensor rows = StageTensor.ofFloats(last, state.batch().size(), width);
        StageTensor logits =
            session
                .run(Map.of(RESID_POST, rows), Set.of(CaptureSelection.LOGITS))
                .get(CaptureSelection.LOGITS)) {
      sink.accept(view(CaptureSelection.LOGITS, OptionalInt.empty(), logits, state.batch()));
    }
  }

  /** Rows of the last position of each prompt, [batch, d_model]. */
  private static FloatBuffer lastPositions(StageTensor residual) {
    long[] shape = residual.shape();
    int length = Math.toIntExact(shape[1]);
    int width = Math.toIntExact(shape[2]);
    FloatBuffer all = residual.copyBytes().order(ByteOrder.nativeOrder()).asFloatBuffer();
    FloatBuffer last =
        ByteBuffer.allocateDirect(Math.toIntExact(shape[0] * width * Float.BYTES))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int row = 0; row < shape[0]; row++) {
      last.put(all.slice((row * length + length - 1) * width, width));
    }
    return last.flip();
  }

  private static List<StageTap> wantedTaps(Stage stage, CaptureSelection selection) {
    List<StageTap> wanted = new ArrayList<>();
    for (int layer = stage.firstLayer(); layer <= stage.lastLayer(); layer++) {
      for (String name : LAYER_TAPS) {
        for (StageTap tap : stage.taps()) {
          if (tap.layer() == layer && tap.name().equals(name) && selection.wants(name, layer)) {
            wanted.add(tap);
          }
        }
      }
    }
    return wanted;
  }

  private static TensorView view(StageTap tap, StageTensor tensor, PromptBatch batch) {
    return view(tap.name(), OptionalInt.of(tap.layer()), tensor, batch);
  }

  private static TensorView view(
      String tap, OptionalInt layer, StageTensor tensor, PromptBatch batch) {
    return new TensorView(
        tap, layer, TapShapes.of(tap, tensor.shape()), batch.promptIndices(), tensor.copyBytes());
  }
}

package org.rolescope.inference.session;

import ai.onnxruntime.OnnxTensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageValues;

/** A stage in the hands of one pass, ready to run. */
public final class OpenStage implements AutoCloseable {
  /** Output with the residual stream behind a stage, [batch, pos, d_model]. */
  static final String RESID_POST = "resid_post";

  private final StageSession session;
  private final StageSession running;
  private final boolean ownsRunning;
  private final WeightFiles files;
  private final boolean resident;
  private final LoadTimes loadTimes;
  private final ValueNorms valueNorms;
  private final Map<StageValues, HeadGrams> grams = new HashMap<>();

  /**
   * A stage in the hands of a pass.
   *
   * @param session the stage as it is
   * @param running what the pass runs: the stage as it is, or a session over the same weights
   * @param ownsRunning whether that one is closed with this
   * @param files where rows of its tables are
   * @param resident whether it stays when the pass lets go of it
   * @param loadTimes what it took to load it
   * @param valueNorms computes value norms; stays the caller's
   */
  OpenStage(
      StageSession session,
      StageSession running,
      boolean ownsRunning,
      WeightFiles files,
      boolean resident,
      LoadTimes loadTimes,
      ValueNorms valueNorms) {
    this.session = session;
    this.running = running;
    this.ownsRunning = ownsRunning;
    this.files = files;
    this.resident = resident;
    this.loadTimes = loadTimes;
    this.valueNorms = valueNorms;
  }

  private OpenStage(OpenStage edited) {
    this.session = edited.session;
    this.running = edited.session;
    this.ownsRunning = false;
    this.files = edited.files;
    this.resident = edited.resident;
    this.loadTimes = edited.loadTimes;
    this.valueNorms = edited.valueNorms;
  }

  /**
   * The stage without what the pass adds to its graph, for batches that do not need it. It ends
   * with this one and is not closed itself.
   */
  public OpenStage unedited() {
    return new OpenStage(this);
  }

  /** The stage. */
  public Stage stage() {
    return session.stage();
  }

  /** Whether it stays loaded between requests. */
  public boolean isResident() {
    return resident;
  }

  /** What it took to load it. */
  public LoadTimes loadTimes() {
    return loadTimes;
  }

  /** Names of the inputs the caller has to give. */
  public Set<String> inputNames() {
    Set<String> names = new HashSet<>(running.inputNames());
    names.removeAll(session.gatheredTables().keySet());
    return names;
  }

  /** Sizes of the inputs the graph declares, by name; -1 for those it leaves open. */
  public Map<String, long[]> inputShapes() {
    return session.inputShapes();
  }

  /**
   * Runs the stage once.
   *
   * @param inputs all inputs by name; they stay the caller's
   * @param outputs names of the outputs wanted
   * @return the outputs by name; the caller closes each
   */
  public Map<String, StageTensor> run(Map<String, StageTensor> inputs, Set<String> outputs) {
    Map<String, OnnxTensor> feeds = new HashMap<>();
    inputs.forEach((name, tensor) -> feeds.put(name, tensor.onnx()));
    if (session.gatheredTables().isEmpty()) {
      return running.run(feeds, outputs);
    }
    StageTensor tokenIds = inputs.get(GatheredTables.INPUT_IDS);
    try (GatheredRows rows = GatheredRows.read(session, files, tokenIds)) {
      feeds.put(GatheredTables.INPUT_IDS, rows.places().onnx());
      feeds.putAll(rows.tables());
      return running.run(feeds, outputs);
    }
  }

  /**
   * Runs the stage on the tokens that come next.
   *
   * @param offered inputs by name, but for those of the cache; the graph may declare fewer. They
   *     stay the caller's
   * @param cache keys and values of the tokens before; those of these tokens are added
   * @return the residual stream behind the stage, [batch, pos, d_model]; the caller closes it
   * @throws RolescopeException MALFORMED_MODEL where the graph declares others
   */
  public StageTensor run(Map<String, StageTensor> offered, KeyValueCache cache) {
    Map<String, StageTensor> all = new HashMap<>(offered);
    all.putAll(cache.inputs(stage()));
    Set<String> names = inputNames();
    all.keySet().retainAll(names);
    if (all.size() < names.size()) {
      names.removeAll(all.keySet());
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "Stage %s asks for the input %s, which a model like this does not have; export the model again"
              .formatted(stage().file(), names.iterator().next()));
    }
    Set<String> outputs = new HashSet<>(Set.of(RESID_POST));
    CachedTensor.of(stage()).forEach(tensor -> outputs.add(tensor.tensor()));
    Map<String, StageTensor> results = run(all, outputs);
    cache.take(stage(), results);
    return results.get(RESID_POST);
  }

  /**
   * What the values of a layer would write to the residual stream, each alone: the Euclidean norm
   * of v W_O for every head.
   *
   * @param layer what the manifest says of the values
   * @param values those of a batch, as the stage gave them; stay the caller's
   * @return float32 [batch, head, key_pos]; the caller closes it
   */
  public StageTensor valueNorms(StageValues layer, StageTensor values) {
    int headSize = Math.toIntExact(values.shape()[3]);
    HeadGrams products =
        grams.computeIfAbsent(
            layer,
            _ ->
                session.float32(
                    layer.projection(),
                    projection -> valueNorms.grams(projection, layer.layout(), headSize)));
    return valueNorms.norms(values, products);
  }

  @Override
  public void close() {
    grams.values().forEach(HeadGrams::close);
    try {
      if (ownsRunning && running != session) {
        running.close();
      }
    } finally {
      if (!resident) {
        session.close();
      }
    }
  }
}

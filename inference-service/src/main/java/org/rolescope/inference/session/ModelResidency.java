package org.rolescope.inference.session;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.Stage;

/**
 * Keeps models loaded between requests as far as a memory budget goes. A model that fits stays
 * whole. Of one that does not, its first stages stay and the others are streamed: their weights are
 * read anew for every pass, through memory that does not grow with the number of stages. To make
 * room, the model that was used longest ago goes; one that is in use never does.
 *
 * <p>A streaming pass takes, beyond what stays, the weights of its largest stage in float32. The
 * budget is meant to hold them too; where it is too small even for that, the pass runs all the same
 * and says so in the log.
 */
public final class ModelResidency implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ModelResidency.class.getName());

  /** Models known at a time; one without resident weights holds only its graphs. */
  private static final int MAX_MODELS = 16;

  private final long budgetBytes;
  private final Execution execution;
  private final Map<Path, ResidentModel> models = new LinkedHashMap<>(MAX_MODELS, 0.75f, true);
  private boolean closed;

  /**
   * Creates a residency without models, which runs them on the processor in single precision.
   *
   * @param budgetBytes memory for weights, bytes; 0 for a quarter of the machine's
   */
  public ModelResidency(long budgetBytes) {
    this(budgetBytes, Execution.DEFAULT);
  }

  /**
   * Creates a residency without models.
   *
   * @param budgetBytes memory for weights, bytes; 0 for a quarter of the machine's
   * @param execution how it runs models
   */
  public ModelResidency(long budgetBytes, Execution execution) {
    this.budgetBytes = MemoryBudget.resolve(budgetBytes);
    this.execution = requireNonNull(execution, "execution is null");
  }

  /** How models are run. */
  public Execution execution() {
    return execution;
  }

  /** Memory for weights, bytes. */
  public long budgetBytes() {
    return budgetBytes;
  }

  /** Memory that weights take or may take between requests, bytes. */
  public synchronized long reservedBytes() {
    return models.values().stream().mapToLong(ResidentModel::reservedBytes).sum();
  }

  /**
   * Lends the stages of a model to a pass.
   *
   * @param bundle folder of the bundle
   * @param manifest its manifest
   * @param stages the stages the pass runs, in this order
   * @throws RolescopeException MALFORMED_MODEL where a weight file or the embedding is damaged;
   *     UNAVAILABLE after {@link #close}
   */
  public StageFeed lend(Path bundle, BundleManifest manifest, List<Stage> stages) {
    WeightFiles files = WeightFiles.open(bundle, manifest.weightFiles());
    ResidentModel model;
    try {
      model = use(bundle.toAbsolutePath().normalize(), manifest);
    } catch (RuntimeException failed) {
      files.close();
      throw failed;
    }
    return new StageFeed(model, files, stages, () -> leave(model));
  }

  /** Closes every model nobody uses, and those in use as soon as nobody does. */
  @Override
  public synchronized void close() {
    closed = true;
    models.values().forEach(ResidentModel::retire);
    models.clear();
  }

  private synchronized ResidentModel use(Path bundle, BundleManifest manifest) {
    if (closed) {
      throw new RolescopeException(
          FaultCode.UNAVAILABLE, "The inference service is ending; start it again");
    }
    ResidentModel model = models.get(bundle);
    if (model == null || !model.manifest().equals(manifest)) {
      retire(model);
      model = new ResidentModel(bundle, manifest, execution);
    }
    plan(model);
    models.put(bundle, model);
    model.use();
    return model;
  }

  private synchronized void leave(ResidentModel model) {
    model.leave();
  }

  /** Decides which stages of a model stay, making room for them. */
  private void plan(ResidentModel model) {
    List<Stage> stages = model.manifest().stages();
    long wholeBytes = stages.stream().mapToLong(model::settledBytes).sum();
    makeRoom(model, wholeBytes);
    long freeBytes = budgetBytes - bytesOfOthers(model);
    if (wholeBytes <= freeBytes) {
      model.reserve(Set.copyOf(stages));
    } else {
      model.reserve(firstThatFit(model, freeBytes - streamingBytes(model)));
      if (!models.containsValue(model)) {
        note(model, freeBytes, streamingBytes(model));
      }
    }
  }

  private void makeRoom(ResidentModel model, long neededBytes) {
    for (ResidentModel other : new ArrayList<>(models.values())) {
      boolean full = bytesOfOthers(model) + neededBytes > budgetBytes && other.reservedBytes() > 0;
      if (other != model && other.isIdle() && (full || models.size() >= MAX_MODELS)) {
        retire(other);
      }
    }
  }

  private void retire(ResidentModel model) {
    if (model != null) {
      models.remove(model.bundle(), model);
      model.retire();
    }
  }

  private long bytesOfOthers(ResidentModel model) {
    return reservedBytes() - (models.containsValue(model) ? model.reservedBytes() : 0);
  }

  private static Set<Stage> firstThatFit(ResidentModel model, long bytes) {
    Set<Stage> fitting = new HashSet<>();
    long left = Math.max(0, bytes);
    for (Stage stage : model.manifest().stages()) {
      left -= model.settledBytes(stage);
      if (left < 0) {
        return fitting;
      }
      fitting.add(stage);
    }
    return fitting;
  }

  private static long streamingBytes(ResidentModel model) {
    return model.manifest().stages().stream()
        .filter(stage -> stage.kind() != Stage.Kind.EMBED)
        .mapToLong(model::settledBytes)
        .max()
        .orElse(0);
  }

  private static void note(ResidentModel model, long freeBytes, long streamingBytes) {
    if (streamingBytes > freeBytes) {
      LOG.log(
          System.Logger.Level.INFO,
          "{0} needs {1,number,#} bytes to stream its largest stage, more than the {2,number,#}"
              + " left of rolescope.inference.memory-budget; it runs all the same",
          model.bundle(),
          streamingBytes,
          freeBytes);
    }
  }
}

package org.rolescope.inference.session;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.rolescope.tensors.bundle.Stage;

/**
 * Hands the stages of a model to one pass, in order and one at a time. While the pass runs a stage,
 * the weights of the next one that is not loaded are fetched from disk in the background; they are
 * read and widened once the pass has let go of the stage before, so that one block in float32 is
 * all there is.
 */
public final class StageFeed implements AutoCloseable {
  private final ResidentModel model;
  private final WeightFiles files;
  private final List<Stage> stages;
  private final Runnable leave;
  private final Prefetch prefetch;
  private final WeightReader reader;
  private final BlockPool blocks;
  private final ValueNorms valueNorms = new ValueNorms();
  private int position;

  /**
   * Begins to read the first stage that is not loaded.
   *
   * @param model the model, which the pass is already counted to use
   * @param files its weight files; closed with the feed
   * @param stages the stages the pass runs, in this order
   * @param leave run when the feed is closed
   */
  StageFeed(ResidentModel model, WeightFiles files, List<Stage> stages, Runnable leave) {
    this.model = model;
    this.files = files;
    this.stages = List.copyOf(stages);
    this.leave = leave;
    this.prefetch = new Prefetch(files);
    this.reader = new WeightReader(files);
    this.blocks =
        new BlockPool(
            stages.stream()
                .filter(stage -> !model.stays(stage) && !isApart(stage))
                .mapToLong(StageLayout::largestSettledBytes)
                .max()
                .orElse(0));
    beginNext();
  }

  /**
   * The next stage as it is; the pass closes it before it asks for another.
   *
   * @throws org.rolescope.fault.RolescopeException as {@link #next(GraphEdit)}
   */
  public OpenStage next() {
    return next(GraphEdit.NONE);
  }

  /**
   * The next stage; the pass closes it before it asks for another.
   *
   * @param edit what the pass adds to its graph
   * @throws org.rolescope.fault.RolescopeException MALFORMED_MODEL where graph or weights are
   *     damaged; RESOURCE_EXHAUSTED where there is no memory for them
   */
  public OpenStage next(GraphEdit edit) {
    return next(session -> edit.isNone() ? session : session.changed(edit), true);
  }

  /**
   * The next stage, continuing a text: {@link OpenStage#run(java.util.Map, KeyValueCache)} runs
   * blocks. The pass closes it before it asks for another, or, where it is resident, may keep it
   * and later {@link #skip} it.
   *
   * @param changes tensors the pass changes in it
   * @throws org.rolescope.fault.RolescopeException as {@link #next(GraphEdit)}
   */
  public OpenStage nextContinuing(Set<GraphChange> changes) {
    boolean shared = changes.isEmpty() && model.stays(stages.get(position));
    return shared
        ? next(model::continuing, false)
        : next(session -> session.continuing(changes, NativeHandles.Scope.PASS), true);
  }

  /** Passes over the next stage, which the pass has kept. */
  public void skip() {
    position++;
  }

  /** Begins anew at the first stage. */
  public void rewind() {
    position = 0;
    beginNext();
  }

  private OpenStage next(UnaryOperator<StageSession> running, boolean owned) {
    Stage stage = stages.get(position++);
    if (model.isLoaded(stage)) {
      return open(model.session(stage, () -> null), running, owned, true, LoadTimes.NONE);
    }
    StageLoad load = new StageLoad(stage);
    boolean stays = model.stays(stage);
    StageSession session = stays ? model.session(stage, load::session) : load.session();
    return open(session, running, owned, stays, load.times);
  }

  @Override
  public void close() {
    try {
      prefetch.close();
    } finally {
      reader.close();
      valueNorms.close();
      blocks.close();
      files.close();
      leave.run();
    }
  }

  private OpenStage open(
      StageSession session,
      UnaryOperator<StageSession> running,
      boolean owned,
      boolean resident,
      LoadTimes times) {
    try {
      return new OpenStage(
          session, running.apply(session), owned, files, resident, times, valueNorms);
    } catch (RuntimeException failed) {
      if (!resident) {
        session.close();
      }
      throw failed;
    }
  }

  private Stream<Stage> unloaded() {
    return stages.stream().skip(position).filter(stage -> !model.isLoaded(stage));
  }

  private void beginNext() {
    unloaded().findFirst().ifPresent(stage -> prefetch.begin(stage, () -> layout(stage)));
  }

  private StageLayout layout(Stage stage) {
    return StageLayout.of(model.graph(stage), stage);
  }

  private WeightBlock block(Stage stage, StageLayout layout) {
    boolean own = isApart(stage) || model.stays(stage);
    return own ? WeightBlock.allocate(layout.settledBytes(), scope(stage)) : blocks.acquire();
  }

  private NativeHandles.Scope scope(Stage stage) {
    return model.stays(stage) ? NativeHandles.Scope.RESIDENT : NativeHandles.Scope.PASS;
  }

  /** Its table, which stays on disk, must not make the blocks of the pool large. */
  private static boolean isApart(Stage stage) {
    return stage.kind() == Stage.Kind.EMBED || stage.kind() == Stage.Kind.MODEL;
  }

  /** Loads one stage and times it. */
  private final class StageLoad {
    private final Stage stage;
    private LoadTimes times = LoadTimes.NONE;

    private StageLoad(Stage stage) {
      this.stage = stage;
    }

    private StageSession session() {
      long start = System.nanoTime();
      prefetch.begin(stage, () -> layout(stage));
      long readNanos = prefetch.await();
      long fetched = System.nanoTime();
      StageLayout layout = layout(stage);
      StageWeights weights = StageWeights.read(reader, layout, block(stage, layout));
      long converted = System.nanoTime();
      beginNext();
      StageSession session =
          new StageSession(stage, model.graph(stage), weights, model.execution(), scope(stage));
      times =
          new LoadTimes(
              layout.rawBytes() + model.graph(stage).ownBytes(),
              readNanos,
              fetched - start,
              converted - fetched,
              System.nanoTime() - converted);
      return session;
    }
  }
}

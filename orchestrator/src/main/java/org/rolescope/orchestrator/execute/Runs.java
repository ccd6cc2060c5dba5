package org.rolescope.orchestrator.execute;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.plan.RunPlan;
import org.rolescope.orchestrator.runstore.RunFolder;
import org.rolescope.orchestrator.runstore.RunLock;
import org.rolescope.orchestrator.runstore.RunStore;
import org.rolescope.orchestrator.runstore.StoredRun;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.RankCandidatesResponse;
import org.rolescope.v1.RunResults;

/** All runs: starts them, follows them, and tells of them. Thread-safe. */
public final class Runs implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Runs.class.getName());

  private final RunStore store;
  private final RunReports reports;
  private final MeasuringServices services;
  private final PlanCheck check;
  private final Executor executor;
  private final Map<RunId, RunWorker> active = new HashMap<>();

  /**
   * Prepares to run plans.
   *
   * @param store where runs are kept
   * @param services who measures
   * @param executor works on runs, a thread each; stays the caller's
   */
  public Runs(RunStore store, MeasuringServices services, Executor executor) {
    this.store = requireNonNull(store, "store is null");
    this.services = requireNonNull(services, "services is null");
    this.executor = requireNonNull(executor, "executor is null");
    reports = new RunReports(store);
    check = new PlanCheck(services);
  }

  /**
   * Starts a run, or goes on with it where it was cut off. Returns once the plan is known to work
   * with the models; a run that is under way or complete is only looked up.
   *
   * @param fresh throw away what there is of it and measure again
   * @throws RolescopeException INVALID_ARGUMENT, NOT_FOUND or UNAVAILABLE where the plan does not
   *     work, MALFORMED_MODEL where a model was found to compute something else than its
   *     checkpoint, in which cases nothing is written; CONFLICT where {@code fresh} is asked for
   *     while it is under way, or another process works on it
   */
  public RunStatus start(RunPlan plan, boolean fresh) {
    return start(plan, fresh, false);
  }

  /**
   * Like {@link #start(RunPlan, boolean)}. What is accepted is not part of the plan: the run and
   * its id are the same, whatever verification found since.
   *
   * @param acceptWrongParity measure even models that compute something else than their checkpoint
   */
  public RunStatus start(RunPlan plan, boolean fresh, boolean acceptWrongParity) {
    StoredRun run = check.resolve(plan, acceptWrongParity);
    RunId id = run.id();
    Optional<RunStatus> known = withoutWork(id, fresh);
    if (known.isPresent()) {
      return known.get();
    }
    check.tryPrompts(run, reports.folder(id, run), fresh);
    return begin(id, run, fresh);
  }

  /**
   * Where a run stands.
   *
   * @throws RolescopeException NOT_FOUND where there is no such run
   */
  public synchronized RunStatus status(RunId id) {
    return find(id).orElseThrow(() -> RunFaults.unknown(id));
  }

  /** What a run found, or nothing while it is not complete. */
  public Optional<RunResults> results(RunStatus status) {
    return status.state() == RunState.COMPLETE
        ? Optional.of(reports.results(status))
        : Optional.empty();
  }

  /**
   * Ranks the heads of a complete comparison as candidates for patching, from the entropies it
   * kept.
   *
   * @param topK how many to give; 0: all
   * @param entropy kind of entropy the ranking rests on; unspecified: the metrics service's default
   * @throws RolescopeException NOT_FOUND where there is no such run, CONFLICT where it is not
   *     complete, INVALID_ARGUMENT where it compares nothing or cannot be ranked so
   */
  public RankCandidatesResponse rankCandidates(RunId id, int topK, EntropyKind entropy) {
    RunStatus status = status(id);
    if (status.state() != RunState.COMPLETE) {
      throw RunFaults.notComplete(id);
    }
    StoredRun run = stored(id);
    if (!run.plan().compares()) {
      throw RunFaults.comparesNothing(id);
    }
    return new RunTasks(new Steps(run, reports.folder(id, run)), services).rank(topK, entropy);
  }

  /**
   * What a run was started with.
   *
   * @throws RolescopeException NOT_FOUND where there is no such run, DATA_LOSS where it is damaged
   */
  public StoredRun stored(RunId id) {
    return store.read(id).orElseThrow(() -> RunFaults.unknown(id));
  }

  /** All runs in the store, in order of their ids. One whose plan is damaged is left out. */
  public List<RunStatus> list() {
    List<RunStatus> runs = new ArrayList<>();
    for (RunId id : store.ids()) {
      try {
        find(id).ifPresent(runs::add);
      } catch (RolescopeException damaged) {
        LOG.log(System.Logger.Level.WARNING, damaged.getMessage());
      }
    }
    return runs;
  }

  /**
   * Follows a run. Where nobody works on it, the watch holds its end and nothing else.
   *
   * @throws RolescopeException NOT_FOUND where there is no such run, CONFLICT where another process
   *     works on it
   */
  public synchronized RunWatch watch(RunId id) {
    RunWorker worker = active.get(id);
    if (worker != null) {
      return worker.feed().watch();
    }
    RunStatus status = status(id);
    if (status.state() == RunState.RUNNING) {
      throw RunFaults.elsewhere(id);
    }
    return RunWatch.ofEnded(status);
  }

  /** Stops a run where it is under way here; it is INTERRUPTED then. */
  public synchronized void cancel(RunId id) {
    Optional.ofNullable(active.get(id)).ifPresent(RunWorker::cancel);
  }

  /** Stops all runs that are under way here. Does not wait for them. */
  @Override
  public synchronized void close() {
    active.values().forEach(RunWorker::cancel);
  }

  /** The answer where nothing is to be done. */
  private synchronized Optional<RunStatus> withoutWork(RunId id, boolean fresh) {
    Optional<RunWorker> worker = Optional.ofNullable(active.get(id));
    if (worker.isPresent() && fresh) {
      throw RunFaults.underWay(id);
    }
    if (worker.isPresent() || fresh) {
      return worker.map(RunWorker::feed).map(RunFeed::status);
    }
    return findIntact(id).filter(status -> status.state() == RunState.COMPLETE);
  }

  private synchronized RunStatus begin(RunId id, StoredRun run, boolean fresh) {
    // Somebody else may have started it while the plan was checked.
    Optional<RunStatus> known = withoutWork(id, fresh);
    if (known.isPresent()) {
      return known.get();
    }
    RunLock lock = store.tryLock(id).orElseThrow(() -> RunFaults.elsewhere(id));
    try {
      return execute(id, run, fresh, lock);
    } catch (RuntimeException failed) {
      release(id, lock);
      throw failed instanceof RejectedExecutionException ? RunFaults.stopping(failed) : failed;
    }
  }

  private RunStatus execute(RunId id, StoredRun run, boolean fresh, RunLock lock) {
    if (fresh) {
      store.delete(id, reports.folder(id, run));
    }
    RunFolder folder = store.prepare(run);
    Steps steps = new Steps(run, folder);
    RunFeed feed = new RunFeed(reports.status(id, run).in(RunState.RUNNING));
    RunWorker worker =
        new RunWorker(folder, new RunTasks(steps, services).all(), feed, () -> release(id, lock));
    active.put(id, worker);
    executor.execute(worker);
    return feed.status();
  }

  private synchronized void release(RunId id, RunLock lock) {
    active.remove(id);
    lock.close();
  }

  private synchronized Optional<RunStatus> find(RunId id) {
    RunWorker worker = active.get(id);
    return worker == null ? reports.status(id) : Optional.of(worker.feed().status());
  }

  /** Like {@link #find}, but a damaged plan counts as none: to start the run writes it anew. */
  private Optional<RunStatus> findIntact(RunId id) {
    try {
      return find(id);
    } catch (RolescopeException damaged) {
      return Optional.empty();
    }
  }
}

package org.rolescope.orchestrator.view;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.execute.RunState;
import org.rolescope.orchestrator.execute.RunStatus;
import org.rolescope.orchestrator.execute.Runs;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.report.FinishedRun;
import org.rolescope.orchestrator.runstore.StoredRun;
import org.rolescope.orchestrator.view.CrossModel.Correlator;
import org.rolescope.orchestrator.view.CrossModel.Statistic;
import org.rolescope.orchestrator.view.Versions.Thresholds;

/**
 * All runs of a store as views. Runs that were opened last are kept, and opened anew when their
 * files change. Thread-safe.
 */
public final class Catalog {
  private static final int OPEN_RUNS = 8;

  private final Runs runs;
  private final PatternCaptures patterns;
  private final Correlator correlator;
  private final Thresholds thresholds;
  private final Cache<List<String>, RunViews> open =
      Caffeine.newBuilder().maximumSize(OPEN_RUNS).softValues().build();

  /** Makes patterns that runs did not keep. */
  @FunctionalInterface
  public interface PatternCaptures {
    /** The source for a run. */
    PatternSource of(StoredRun run);
  }

  /**
   * Opens a catalogue.
   *
   * @param runs the runs
   * @param patterns makes patterns that a run did not keep
   * @param correlator describes and correlates series
   * @param thresholds what is flagged in a version
   */
  public Catalog(
      Runs runs, PatternCaptures patterns, Correlator correlator, Thresholds thresholds) {
    this.runs = requireNonNull(runs, "runs is null");
    this.patterns = requireNonNull(patterns, "patterns is null");
    this.correlator = requireNonNull(correlator, "correlator is null");
    this.thresholds = requireNonNull(thresholds, "thresholds is null");
  }

  /** All runs, newest first; those without a time last. One whose plan is damaged is left out. */
  public List<RunSummary> list() {
    return runs.list().stream()
        .map(this::summary)
        .sorted(
            Comparator.comparing((RunSummary run) -> run.measuredAt().orElse(""))
                .reversed()
                .thenComparing(RunSummary::id))
        .toList();
  }

  /** A run as it stands. */
  public RunSummary summary(RunStatus status) {
    return RunSummary.of(status, runs.stored(status.id()));
  }

  /**
   * A run as it stands.
   *
   * @throws RolescopeException NOT_FOUND where there is no such run
   */
  public RunSummary summary(RunId id) {
    return summary(runs.status(id));
  }

  /**
   * What is known of a run beside its numbers.
   *
   * @throws RolescopeException NOT_FOUND where there is no such run
   */
  public RunDetail detail(RunId id) {
    RunStatus status = runs.status(id);
    Optional<FinishedRun> finished =
        status.state() == RunState.COMPLETE ? Optional.of(views(id).run()) : Optional.empty();
    return RunDetail.of(status, runs.stored(id), finished);
  }

  /**
   * What changes when anything that {@link #views} shows does.
   *
   * @throws RolescopeException NOT_FOUND where there is no such run, CONFLICT where it is not
   *     complete
   */
  public List<String> stamp(RunId id) {
    RunStatus status = runs.status(id);
    if (status.state() != RunState.COMPLETE) {
      throw new RolescopeException(
          FaultCode.CONFLICT,
          "Run %s is not complete, so it has no results to show; wait until it ends, or start the same plan again"
              .formatted(id));
    }
    return RunViews.stamp(status.folder());
  }

  /**
   * The views of a complete run.
   *
   * @throws RolescopeException as {@link #stamp}; DATA_LOSS where its files are damaged
   */
  public RunViews views(RunId id) {
    return open.get(stamp(id), missing -> open(id));
  }

  /** Every measured version of every family. */
  public Versions versions() {
    return Versions.of(complete(), thresholds);
  }

  /**
   * Families against each other.
   *
   * @param ids the comparisons; empty: the newest of each family
   * @throws RolescopeException NOT_FOUND where there is no such run, CONFLICT where one is not
   *     complete, INVALID_ARGUMENT where one compares nothing
   */
  public CrossModel crossModel(List<RunId> ids, Statistic statistic) {
    return CrossModel.of(
        ids.isEmpty()
            ? newestComparisons()
            : ids.stream().distinct().map(this::comparison).toList(),
        statistic,
        correlator);
  }

  /** What changes when a run is complete, measured again, or thrown away. */
  public List<String> stamp() {
    return runs.list().stream()
        .filter(run -> run.state() == RunState.COMPLETE)
        .map(run -> FileStamp.of(run.folder().resolve("results.json")))
        .toList();
  }

  private RunViews open(RunId id) {
    return RunViews.open(runs.status(id).folder())
        .withRanker((topK, entropy) -> runs.rankCandidates(id, topK, entropy))
        .withPatterns(patterns.of(runs.stored(id)));
  }

  private List<FinishedRun> complete() {
    List<FinishedRun> complete = new ArrayList<>();
    for (RunStatus run : runs.list()) {
      if (run.state() == RunState.COMPLETE) {
        complete.add(FinishedRun.read(run.folder()));
      }
    }
    return complete;
  }

  private List<FinishedRun> newestComparisons() {
    Map<String, FinishedRun> newest = new LinkedHashMap<>();
    complete().stream()
        .filter(run -> run.run().plan().compares())
        .sorted(Comparator.comparing(Versions::orderedTime))
        .forEach(run -> newest.put(run.run().plan().family(), run));
    return newest.values().stream()
        .sorted(Comparator.comparing(run -> run.run().plan().family()))
        .toList();
  }

  private FinishedRun comparison(RunId id) {
    FinishedRun run = views(id).run();
    if (!run.compares()) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "Run %s measured one model, so there is no difference to compare; name comparisons only"
              .formatted(id));
    }
    return run;
  }
}

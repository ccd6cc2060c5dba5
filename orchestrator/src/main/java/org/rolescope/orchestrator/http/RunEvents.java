package org.rolescope.orchestrator.http;

import static java.util.Objects.requireNonNull;

import io.micronaut.http.sse.Event;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.execute.RunEvent;
import org.rolescope.orchestrator.execute.RunState;
import org.rolescope.orchestrator.execute.RunStatus;
import org.rolescope.orchestrator.execute.RunWatch;
import org.rolescope.orchestrator.execute.Runs;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.view.Catalog;
import org.rolescope.orchestrator.view.RunSummary;
import org.rolescope.orchestrator.view.ViewJson;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * How runs go, as server-sent events: {@code progress} at first and after every step, {@code end}
 * last. A run that another process works on is looked at every second. Thread-safe.
 */
public final class RunEvents {
  /** A connection on which nothing is said is taken for dead by what stands in between. */
  private static final Duration SILENCE = Duration.ofSeconds(15);

  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Runs runs;
  private final Catalog catalog;
  private final ExecutorService executor;

  /**
   * Prepares to tell.
   *
   * @param runs the runs
   * @param catalog the same as views
   * @param executor a thread for each who listens; stays the caller's
   */
  public RunEvents(Runs runs, Catalog catalog, ExecutorService executor) {
    this.runs = requireNonNull(runs, "runs is null");
    this.catalog = requireNonNull(catalog, "catalog is null");
    this.executor = requireNonNull(executor, "executor is null");
  }

  /**
   * What an event carries.
   *
   * @param run the run after it happened
   * @param step the step that was finished, in words; empty in the first and the last event
   */
  record RunProgress(RunSummary run, String step) {}

  /**
   * Follows a run to its end.
   *
   * @throws RolescopeException NOT_FOUND where there is no such run
   */
  Flux<Event<String>> of(RunId id) {
    runs.status(id);
    return Flux.create(
        sink -> {
          Future<?> telling = executor.submit(() -> tell(id, sink));
          sink.onDispose(() -> telling.cancel(true));
        });
  }

  private void tell(RunId id, FluxSink<Event<String>> sink) {
    try {
      watch(id, sink);
      sink.complete();
    } catch (RolescopeException failed) {
      if (failed.code() == FaultCode.CANCELLED) {
        sink.complete();
      } else {
        sink.error(failed);
      }
    } catch (RuntimeException failed) {
      sink.error(failed);
    }
  }

  private void watch(RunId id, FluxSink<Event<String>> sink) {
    try (RunWatch watch = runs.watch(id)) {
      boolean ended = false;
      while (!ended && !sink.isCancelled()) {
        Optional<RunEvent> next = watch.next(SILENCE);
        ended = next.map(RunEvent.Ended.class::isInstance).orElse(false);
        sink.next(next.map(this::event).orElseGet(() -> progress(runs.status(id), "")));
      }
    } catch (RolescopeException failed) {
      if (failed.code() != FaultCode.CONFLICT) {
        throw failed;
      }
      lookAt(id, sink);
    }
  }

  private void lookAt(RunId id, FluxSink<Event<String>> sink) {
    Optional<RunStatus> told = Optional.empty();
    RunStatus now = runs.status(id);
    while (now.state() == RunState.RUNNING && !sink.isCancelled()) {
      if (!told.equals(Optional.of(now))) {
        sink.next(progress(now, ""));
        told = Optional.of(now);
      }
      pause();
      now = runs.status(id);
    }
    sink.next(end(now));
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new RolescopeException(
          FaultCode.CANCELLED, "Nobody listens any more; ask for the events again", interrupted);
    }
  }

  private Event<String> event(RunEvent event) {
    return switch (event) {
      case RunEvent.Joined joined -> progress(joined.status(), "");
      case RunEvent.StepFinished finished -> progress(finished.status(), finished.step());
      case RunEvent.Ended ended -> end(ended.status());
    };
  }

  private Event<String> progress(RunStatus status, String step) {
    return Event.of(data(status, step)).name("progress");
  }

  private Event<String> end(RunStatus status) {
    return Event.of(data(status, "")).name("end");
  }

  private String data(RunStatus status, String step) {
    return ViewJson.text(new RunProgress(catalog.summary(status), step));
  }
}

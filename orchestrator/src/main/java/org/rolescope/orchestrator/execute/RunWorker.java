package org.rolescope.orchestrator.execute;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.runstore.AtomicFiles;
import org.rolescope.orchestrator.runstore.RunFolder;
import org.rolescope.orchestrator.runstore.Timings;

/** Does the tasks of one run, once. Stops at a failure or when it is cancelled. */
final class RunWorker implements Runnable {
  private static final System.Logger LOG = System.getLogger(RunWorker.class.getName());

  private final RunFolder folder;
  private final List<Task> tasks;
  private final RunFeed feed;
  private final Runnable whenOver;
  private Thread thread;
  private boolean cancelled;

  /**
   * Prepares the work.
   *
   * @param feed told of every step and of the end
   * @param whenOver called when nothing is touched any more, before watchers are told of the end
   */
  RunWorker(RunFolder folder, List<Task> tasks, RunFeed feed, Runnable whenOver) {
    this.folder = requireNonNull(folder, "folder is null");
    this.tasks = List.copyOf(tasks);
    this.feed = requireNonNull(feed, "feed is null");
    this.whenOver = requireNonNull(whenOver, "whenOver is null");
  }

  RunFeed feed() {
    return feed;
  }

  @Override
  public void run() {
    begin();
    RunStatus last = feed.status().failed("The run was cut off; its log has the details");
    try {
      last = workTimed();
    } finally {
      over();
      whenOver.run();
      feed.end(last);
    }
  }

  /** Stops the work as soon as it can be stopped; what is done stays done. */
  synchronized void cancel() {
    cancelled = true;
    if (thread != null) {
      thread.interrupt();
    }
  }

  private RunStatus workTimed() {
    Timings timings = Timings.open(folder.timings());
    RunStatus last = work(timings);
    try {
      timings.ended(last.state().name().toLowerCase(Locale.ROOT));
    } catch (RolescopeException notWritten) {
      LOG.log(System.Logger.Level.WARNING, notWritten.getMessage());
    }
    return last;
  }

  private RunStatus work(Timings timings) {
    try {
      checkCancelled();
      tasks.forEach(task -> task.run(step -> finished(step, timings)));
      return feed.status().in(RunState.COMPLETE);
    } catch (RolescopeException fault) {
      return stoppedBy(fault);
    } catch (RuntimeException | Error unforeseen) {
      LOG.log(System.Logger.Level.ERROR, "unforeseen exception in a run", unforeseen);
      return failed("An unforeseen error stopped the run; the orchestrator's log has the details");
    }
  }

  private void finished(Step step, Timings timings) {
    timings.finished(step.words());
    feed.finished(step.words());
    checkCancelled();
  }

  private RunStatus stoppedBy(RolescopeException fault) {
    if (Files.exists(folder.results())) {
      // Stopped when everything was done.
      return feed.status().in(RunState.COMPLETE);
    }
    return isCancelled() ? feed.status().in(RunState.INTERRUPTED) : failed(fault.getMessage());
  }

  private RunStatus failed(String sentence) {
    try {
      AtomicFiles.write(
          folder.failure(), out -> out.write((sentence + "\n").getBytes(StandardCharsets.UTF_8)));
    } catch (RolescopeException notWritten) {
      LOG.log(System.Logger.Level.WARNING, notWritten.getMessage());
    }
    return feed.status().failed(sentence);
  }

  private synchronized void begin() {
    thread = Thread.currentThread();
  }

  private synchronized void over() {
    thread = null;
  }

  private synchronized boolean isCancelled() {
    return cancelled || Thread.currentThread().isInterrupted();
  }

  private void checkCancelled() {
    if (isCancelled()) {
      throw RunFaults.stopped();
    }
  }
}

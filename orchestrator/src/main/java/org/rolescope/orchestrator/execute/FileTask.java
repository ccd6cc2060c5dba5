package org.rolescope.orchestrator.execute;

import static java.util.Objects.requireNonNull;

import org.rolescope.orchestrator.runstore.AtomicFiles;

/**
 * Writes one file.
 *
 * @param step the step
 * @param content what goes into its file
 */
record FileTask(Step step, AtomicFiles.Content content) implements Task {
  FileTask {
    requireNonNull(step, "step is null");
    requireNonNull(content, "content is null");
  }

  @Override
  public void run(Progress progress) {
    if (!step.isDone()) {
      AtomicFiles.write(step.file(), content);
      progress.finished(step);
    }
  }
}

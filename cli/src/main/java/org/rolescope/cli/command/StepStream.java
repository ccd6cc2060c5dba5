package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import org.rolescope.cli.output.Progress;
import org.rolescope.v1.StepProgress;

/**
 * Work that tells of its steps and ends with what was found.
 *
 * @param err where the steps are shown
 * @param task what is going on, in a word
 */
record StepStream(PrintWriter err, String task) {
  /**
   * Follows the work to its end.
   *
   * @param messages steps, then the results
   * @param progress the step a message tells of; empty for the results
   * @return the last message, the one with the results
   */
  <M> M last(Iterator<M> messages, Function<M, Optional<StepProgress>> progress) {
    try (Progress shown = Progress.on(err, task)) {
      while (messages.hasNext()) {
        M message = messages.next();
        Optional<StepProgress> step = progress.apply(message);
        if (step.isEmpty()) {
          return message;
        }
        shown.update(step.get().getStepsDone(), step.get().getStepsTotal(), step.get().getStep());
      }
    }
    throw new NoSuchElementException("the stream ended without results");
  }
}

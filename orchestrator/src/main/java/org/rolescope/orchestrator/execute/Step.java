package org.rolescope.orchestrator.execute;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The smallest piece of a run: one file.
 *
 * @param words what is done, for people
 * @param file its checkpoint: where it exists, the step is done
 */
record Step(String words, Path file) {
  Step {
    requireNonNull(words, "words is null");
    requireNonNull(file, "file is null");
  }

  boolean isDone() {
    return Files.exists(file);
  }
}

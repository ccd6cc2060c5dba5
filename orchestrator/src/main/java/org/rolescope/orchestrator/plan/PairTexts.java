package org.rolescope.orchestrator.plan;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;

/**
 * Two prompts between which activations are patched, as files name them.
 *
 * @param clean the prompt patched from
 * @param corrupt the prompt patched into
 * @param answer the answer the clean prompt prefers; empty: none is named
 * @param wrongAnswer the answer the corrupt one prefers; empty where {@code answer} is
 */
public record PairTexts(String clean, String corrupt, String answer, String wrongAnswer) {
  /** Checks that nothing is missing. */
  public PairTexts {
    requireNonNull(clean, "clean is null");
    requireNonNull(corrupt, "corrupt is null");
    requireNonNull(answer, "answer is null");
    requireNonNull(wrongAnswer, "wrongAnswer is null");
  }

  /** Whether answers are named. */
  public boolean hasAnswers() {
    return !answer.isEmpty();
  }

  /**
   * Reads pairs from a file: CSV where its name ends in {@code .csv}, otherwise JSON.
   *
   * @throws org.rolescope.fault.RolescopeException NOT_FOUND where there is no such file,
   *     INVALID_ARGUMENT where it cannot be read, is not of its format, or holds no pairs
   */
  public static List<PairTexts> read(Path file) {
    return new PairFile(file).read();
  }
}

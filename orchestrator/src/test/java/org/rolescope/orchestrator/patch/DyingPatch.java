package org.rolescope.orchestrator.patch;

import java.nio.file.Path;
import org.rolescope.orchestrator.testing.Bench;

/** A process that patches and ends without warning in the middle of it. */
final class DyingPatch {
  private DyingPatch() {}

  /**
   * Patches and dies.
   *
   * @param arguments folder of the work, messages until the end
   */
  public static void main(String[] arguments) {
    try (Bench bench = new Bench(Path.of(arguments[0]))) {
      bench.trouble().haltAfter(Integer.parseInt(arguments[1]));
      PatchResumeTest.patch(bench);
    }
  }
}

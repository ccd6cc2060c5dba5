package org.rolescope.orchestrator.execute;

import java.nio.file.Path;
import org.rolescope.orchestrator.testing.Bench;
import org.rolescope.orchestrator.testing.Plans;

/** A process that starts a run and ends without warning in the middle of it. */
final class DyingRun {
  private DyingRun() {}

  /**
   * Runs and dies.
   *
   * @param arguments folder of the runs, messages until the end
   */
  public static void main(String[] arguments) {
    try (Bench bench = new Bench(Path.of(arguments[0]))) {
      bench.trouble().haltAfter(Integer.parseInt(arguments[1]));
      bench.finish(Plans.comparing());
    }
  }
}

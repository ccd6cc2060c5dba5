package org.rolescope.orchestrator.intervene;

import java.nio.file.Path;
import org.rolescope.orchestrator.testing.AblationPlans;
import org.rolescope.orchestrator.testing.Bench;

/** A process that begins an ablation run and ends without warning in the middle of it. */
final class DyingIntervention {
  private DyingIntervention() {}

  /**
   * Runs and dies.
   *
   * @param arguments folder of the work, messages until the end
   */
  public static void main(String[] arguments) {
    try (Bench bench = new Bench(Path.of(arguments[0]))) {
      bench.trouble().haltAfter(Integer.parseInt(arguments[1]));
      bench.interventions().run(AblationPlans.several(), false, false, step -> {});
    }
  }
}

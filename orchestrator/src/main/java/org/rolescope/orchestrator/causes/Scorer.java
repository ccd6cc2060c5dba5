package org.rolescope.orchestrator.causes;

import org.rolescope.v1.ScorePatchingRequest;
import org.rolescope.v1.ScorePatchingResponse;

/** Scores patches, as {@code MetricsService.ScorePatching}. */
@FunctionalInterface
interface Scorer {
  /** The scores of what was measured. */
  ScorePatchingResponse score(ScorePatchingRequest request);
}

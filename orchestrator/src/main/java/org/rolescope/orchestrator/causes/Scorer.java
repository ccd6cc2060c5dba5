package org.rolescope.orchestrator.causes;

import org.rolescope.v1.ScorePatchingRequest;
import org.rolescope.v1.ScorePatchingResponse;

/** Scores patches, as {@code MetricsService.ScorePatching}. */
@FunctionalInterface
public interface Scorer {
  /** The scores of what was measured. */
  ScorePatchingResponse score(ScorePatchingRequest request);
}

package org.rolescope.orchestrator.view;

import java.util.Optional;
import org.rolescope.v1.PatchingScore;

/**
 * What patching a head by itself recovers.
 *
 * @param denoising of the run patched from, put into the other
 * @param noising the other way; empty where that was not run
 */
public record HeadRecovery(Estimate denoising, Optional<Estimate> noising) {
  static HeadRecovery of(PatchingScore score) {
    return new HeadRecovery(Estimate.of(score.getDenoising().getRecovery()), noising(score));
  }

  static Optional<Estimate> noising(PatchingScore score) {
    return score.hasNoising()
        ? Optional.of(Estimate.of(score.getNoising().getRecovery()))
        : Optional.empty();
  }
}

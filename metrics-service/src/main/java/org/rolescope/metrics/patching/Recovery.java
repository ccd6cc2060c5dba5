package org.rolescope.metrics.patching;

/**
 * Normalised recovery of one prompt: how much of the way from the target run to the source run a
 * patch goes. 0 is no effect, 1 all of it; below 0 it goes the other way. METRICS §7.
 */
public final class Recovery {
  /** Runs whose measures lie closer than this do not differ enough to be a denominator. */
  public static final double LEAST_GAP = 1e-6;

  private Recovery() {}

  /**
   * (m_patched − m_target) / (m_source − m_target), where m is the logit difference or −KL to the
   * source run.
   *
   * @param source m of the run patched from
   * @param target m of the run patched into
   * @param patched m of the target run with the source's activation in it
   * @return without a unit; NaN, never infinite, where |m_source − m_target| is below {@value
   *     #LEAST_GAP} or a measure is not finite
   */
  public static double of(double source, double target, double patched) {
    double recovery = (patched - target) / (source - target);
    // Adding 0 makes -0, which a target above its source gives, an ordinary 0.
    return isDefined(source, target) && Double.isFinite(recovery) ? recovery + 0.0 : Double.NaN;
  }

  /** Whether two runs differ enough, and finitely, for a recovery. */
  static boolean isDefined(double source, double target) {
    double gap = Math.abs(source - target);
    return gap >= LEAST_GAP && Double.isFinite(gap);
  }
}

package org.rolescope.export.verify;

import org.rolescope.tensors.bundle.ModelRuntime;

/**
 * How much counts as equal: what rounding makes of it where a bundle runs, with room to spare.
 *
 * @param factor multiple of what counts as equal on the processor in single precision
 * @param least the least that counts as equal, whatever the tap
 */
record Tolerance(double factor, double least) {
  /** Sums in another order and fused steps make a few times the processor's rounding. */
  private static final double OTHER_DEVICE = 10;

  /**
   * Half precision rounds to 11 bits, single to 24. On the demo pair the worst pattern differs by
   * 0.02, every other tap by less than 0.01 of its range.
   */
  private static final double FLOAT16 = 0.05;

  /** What counts as equal for a bundle that is run so. */
  static Tolerance of(ModelRuntime runtime) {
    if (!runtime.computeType().equals(ModelRuntime.FLOAT32)) {
      return new Tolerance(1, FLOAT16);
    }
    return new Tolerance(runtime.device().equals(ModelRuntime.CPU) ? 1 : OTHER_DEVICE, 0);
  }

  /** The most that counts as equal at this tap, in its unit. */
  double of(TapKind kind) {
    return Math.max(least, factor * kind.tolerance());
  }
}

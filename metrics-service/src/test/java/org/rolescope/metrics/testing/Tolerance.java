package org.rolescope.metrics.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** How close is close enough, and why. */
public enum Tolerance {
  /** Float32 arithmetic; the absolute part is a few roundings of a number near 1. */
  FLOAT32(1e-6, 3e-7),
  /** Double arithmetic in another order of operations. */
  DOUBLE(1e-12, 1e-13),
  /** SciPy 1.14.1's t.ppf is good to 2e-11 only: at one degree of freedom it misses a tangent. */
  STUDENT_T(1e-10, 1e-10),
  /** Tails of distributions in double arithmetic, by other series than SciPy's. */
  P_VALUE(1e-10, 1e-14),
  /** The published tables' RFC columns are doubles that went through t.interval. */
  PUBLISHED(1e-9, 1e-12),
  /** Reference and exact entropy of realistic rows, nats. METRICS §1. */
  REFERENCE_AGAINST_EXACT(0, 1e-5);

  private final double relative;
  private final double absolute;

  Tolerance(double relative, double absolute) {
    this.relative = relative;
    this.absolute = absolute;
  }

  /** Fails unless the two are close; NaN is close to nothing. */
  public void check(double expected, double actual, String what) {
    double allowed = absolute + relative * Math.abs(expected);
    assertTrue(
        Math.abs(expected - actual) <= allowed,
        () -> "%s: expected %s but was %s (%s)".formatted(what, expected, actual, this));
  }

  /** Checks two lists of equal length. */
  public void check(double[] expected, double[] actual, String what) {
    assertTrue(expected.length == actual.length, what + ": lengths differ");
    for (int index = 0; index < expected.length; index++) {
      check(expected[index], actual[index], what + "[" + index + "]");
    }
  }
}

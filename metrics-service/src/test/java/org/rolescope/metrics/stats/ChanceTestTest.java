package org.rolescope.metrics.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** Ties, nothing, and what is no number. */
final class ChanceTestTest {
  @Test
  void sizeCountsAndNotSign() {
    assertEquals(3 / 5.0, ChanceTest.pValue(-2, DoubleStream.of(1, 2, -3, 0)));
  }

  @Test
  void roundingLeavesATieATie() {
    assertEquals(1, ChanceTest.pValue(0.3, DoubleStream.of(0.1 + 0.2 - 1e-13)));
  }

  @Test
  void whatIsNoNumberCanOnlyMakeItLarger() {
    assertEquals(1, ChanceTest.pValue(5, DoubleStream.of(Double.NaN)));
    assertTrue(Double.isNaN(ChanceTest.pValue(Double.NaN, DoubleStream.of(1))));
    assertEquals(1, ChanceTest.pValue(5, DoubleStream.empty()));
    assertEquals(0.5, ChanceTest.pValue(Double.POSITIVE_INFINITY, DoubleStream.of(1)));
  }
}

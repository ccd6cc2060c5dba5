package org.rolescope.metrics.stats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class StatisticsEdgesTest {
  private static final double[] NONE = {};
  private static final double[] ONE = {0.25};
  private static final double[] WITH_NAN = {1, Double.NaN, 2};

  @Test
  void oneValueHasAMeanButNoSpread() {
    SampleMean mean = SampleMean.of(ONE);
    assertEquals(new SampleMean(0.25, Double.NaN, Interval.UNDEFINED, 1), mean);
    assertEquals(0, Samples.populationStandardDeviation(ONE));
    assertEquals(new Interval(0.25, 0.25), Samples.central(ONE, 0.025));
  }

  @Test
  void nothingIsNeverAZero() {
    assertTrue(Double.isNaN(Samples.mean(NONE)));
    assertTrue(Double.isNaN(Samples.median(NONE)));
    assertTrue(Double.isNaN(Samples.min(NONE)));
    assertTrue(Double.isNaN(Samples.populationStandardDeviation(NONE)));
    assertEquals(Interval.UNDEFINED, Samples.central(NONE, 0.025));
  }

  @Test
  void nanIsNeverAveragedAway() {
    assertTrue(Double.isNaN(Samples.mean(WITH_NAN)));
    assertTrue(Double.isNaN(Samples.median(WITH_NAN)));
    assertTrue(Double.isNaN(Samples.standardDeviation(WITH_NAN)));
    assertTrue(Double.isNaN(Samples.max(WITH_NAN)));
    assertEquals(Interval.UNDEFINED, Samples.central(WITH_NAN, 0.025));
  }

  @Test
  void summariesLeaveTheirArgumentAsItWas() {
    double[] values = {3, 1, 2};
    Samples.median(values);
    Samples.central(values, 0.025);
    assertArrayEquals(new double[] {3, 1, 2}, values);
  }

  @Test
  void intervalExcludesOnlyWhatLiesOutside() {
    assertTrue(new Interval(0.1, 0.2).excludes(0));
    assertTrue(new Interval(-0.2, -0.1).excludes(0));
    assertFalse(new Interval(0, 0.2).excludes(0));
    assertFalse(Interval.UNDEFINED.excludes(0));
  }

  @Test
  void undefinedPValuesAreLeftOutOfTheFamily() {
    double[] qValues = BenjaminiHochberg.qValues(new double[] {0.01, Double.NaN, 0.04});
    assertArrayEquals(new double[] {0.02, Double.NaN, 0.04}, qValues);
    assertEquals(0, BenjaminiHochberg.qValues(NONE).length);
  }

  @Test
  void streamsRepeatAndDiffer() {
    long[][] streams =
        Arrays.stream(RandomStream.values()).map(stream -> draws(stream, 7)).toArray(long[][]::new);
    for (RandomStream stream : RandomStream.values()) {
      assertArrayEquals(streams[stream.ordinal()], draws(stream, 7));
      assertNotEquals(streams[stream.ordinal()][0], draws(stream, 8)[0]);
    }
    assertNotEquals(streams[0][0], streams[1][0]);
    assertNotEquals(streams[1][0], streams[2][0]);
  }

  /** Results of a run must be the same on another machine and after an update of the library. */
  @Test
  void drawsAreTheseForEver() {
    int[] expected = {24, 3, 20, 23, 8, 9};
    int[] actual = new int[expected.length];
    var random = RandomStream.BOOTSTRAP.open(20_251_020);
    Arrays.setAll(actual, draw -> random.nextInt(30));
    assertArrayEquals(expected, actual);
  }

  private static long[] draws(RandomStream stream, long seed) {
    var random = stream.open(seed);
    return LongStream.generate(random::nextLong).limit(4).toArray();
  }
}

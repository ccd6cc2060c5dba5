package org.rolescope.metrics.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.rolescope.metrics.testing.Golden;
import org.rolescope.metrics.testing.Tolerance;

/** Golden values: golden/tests.json, NumPy 1.26.4, SciPy 1.14.1 and pandas 2.2.3. */
final class TestsGoldenTest {
  private static final JsonNode GOLDEN = Golden.read("tests.json");
  private static final double[] RISING = {0.1, 0.4, 0.5, 2};

  @Test
  void percentilesAreThoseOfNumPy() {
    for (JsonNode sample : GOLDEN.get("percentiles")) {
      double[] values = Golden.doubles(sample.get("values"));
      double[] percents = Golden.doubles(sample.get("percents"));
      double[] expected = Golden.doubles(sample.get("percentiles"));
      for (int index = 0; index < percents.length; index++) {
        String what = "percentile " + percents[index] + " of " + values.length;
        Tolerance.DOUBLE.check(expected[index], Samples.percentile(values, percents[index]), what);
      }
      Tolerance.DOUBLE.check(
          sample.get("iqr").asDouble(), Samples.interquartileRange(values), "iqr");
    }
  }

  @Test
  void signedRankTestsAreThoseOfSciPy() {
    for (JsonNode sample : GOLDEN.get("wilcoxon")) {
      double[] values = Golden.doubles(sample.get("values"));
      String what = "p of " + values.length + " by " + sample.get("method").asText();
      Tolerance.P_VALUE.check(sample.get("p").asDouble(), WilcoxonSignedRank.pValue(values), what);
    }
  }

  @Test
  void correlationsAreThoseOfSciPy() {
    for (JsonNode sample : GOLDEN.get("correlations")) {
      double[] x = Golden.doubles(sample.get("x"));
      double[] y = Golden.doubles(sample.get("y"));
      check(sample, "pearson", Correlation.pearson(x, y));
      check(sample, "spearman", Correlation.spearman(x, y));
    }
  }

  @Test
  void zScoresAreThoseOfPandas() {
    for (JsonNode sample : GOLDEN.get("z_scores")) {
      double[] values = Golden.doubles(sample.get("values"));
      Tolerance.DOUBLE.check(Golden.doubles(sample.get("z")), ZScores.of(values), "z");
    }
  }

  @Test
  void aPerfectCorrelationIsExact() {
    double[] falling = {-1, -2, -30, -31};
    assertEquals(new Correlation(1, 0), Correlation.pearson(RISING, RISING));
    assertEquals(new Correlation(1, 0), Correlation.spearman(RISING, new double[] {1, 2, 3, 99}));
    assertEquals(new Correlation(-1, 0), Correlation.spearman(RISING, falling));
  }

  @Test
  void correlationsThatDoNotExistAreNaN() {
    Correlation undefined = new Correlation(Double.NaN, Double.NaN);
    double[] constant = {0.1, 0.1, 0.1, 0.1};
    double[] withNaN = {1, 2, Double.NaN, 3};
    for (double[] other : new double[][] {constant, withNaN}) {
      assertEquals(undefined, Correlation.pearson(RISING, other));
      assertEquals(undefined, Correlation.pearson(other, RISING));
      assertEquals(undefined, Correlation.spearman(other, RISING));
    }
    assertEquals(undefined, Correlation.pearson(new double[] {1, 2}, new double[] {1, 2}));
    assertEquals(undefined, Correlation.spearman(new double[] {}, new double[] {}));
    assertThrows(
        IllegalArgumentException.class, () -> Correlation.pearson(RISING, new double[] {1, 2, 3}));
  }

  /** Squares of such values over- or underflow. */
  @Test
  void correlationDoesNotDependOnTheUnit() {
    double[] large = {1e200, 4e200, 5e200, 2e201};
    double[] small = {1e-200, 4e-200, 5e-200, 2e-199};
    assertEquals(1, Correlation.pearson(RISING, large).r(), 1e-15);
    assertEquals(1, Correlation.pearson(small, large).r(), 1e-15);
  }

  @Test
  void aTestOfNothingIsNaN() {
    for (double[] nothing : new double[][] {{}, {0, 0, 0}, {1, Double.NaN}}) {
      assertTrue(Double.isNaN(WilcoxonSignedRank.pValue(nothing)));
    }
    assertEquals(1, WilcoxonSignedRank.pValue(new double[] {0.5}));
  }

  @Test
  void zScoresLeaveOutWhatDoesNotExist() {
    double[] scores = ZScores.of(new double[] {1, Double.NaN, 3});
    assertEquals(-Math.sqrt(0.5), scores[0], 1e-15);
    assertTrue(Double.isNaN(scores[1]));
    for (double[] same : new double[][] {{2}, {0.1, 0.1, 0.1}, {5, Double.NaN}}) {
      assertTrue(Double.isNaN(ZScores.of(same)[0]));
    }
    assertEquals(0, ZScores.of(new double[] {}).length);
    assertTrue(Double.isNaN(Samples.percentile(new double[] {}, 50)));
    assertTrue(Double.isNaN(Samples.interquartileRange(new double[] {1, Double.NaN})));
  }

  private static void check(JsonNode sample, String kind, Correlation actual) {
    String what = kind + " of " + sample.get("x").size();
    Tolerance.DOUBLE.check(sample.get(kind + "_r").asDouble(), actual.r(), what + " r");
    Tolerance.P_VALUE.check(sample.get(kind + "_p").asDouble(), actual.pValue(), what + " p");
  }
}

package org.rolescope.metrics.stats;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.rolescope.metrics.testing.Golden;
import org.rolescope.metrics.testing.Tolerance;

/** Golden values: golden/statistics.json, NumPy 1.26.4 and SciPy 1.14.1. */
final class StatisticsGoldenTest {
  private static final JsonNode GOLDEN = Golden.read("statistics.json");

  @Test
  void criticalValuesAreThoseOfSciPy() {
    int[] degrees = Golden.integers(GOLDEN.at("/t/degrees"));
    double[] critical = Golden.doubles(GOLDEN.at("/t/critical"));
    for (int index = 0; index < degrees.length; index++) {
      Tolerance.STUDENT_T.check(
          critical[index], StudentT.criticalValue(degrees[index]), "df " + degrees[index]);
    }
  }

  @Test
  void criticalValueOfOneDegreeIsATangent() {
    Tolerance.DOUBLE.check(Math.tan(0.475 * Math.PI), StudentT.criticalValue(1), "df 1");
  }

  @Test
  void summariesAreThoseOfNumPy() {
    for (JsonNode sample : GOLDEN.get("samples")) {
      double[] values = Golden.doubles(sample.get("values"));
      String what = " of " + values.length;
      check(sample, "mean", Samples.mean(values), what);
      check(sample, "median", Samples.median(values), what);
      check(sample, "std", Samples.standardDeviation(values), what);
      check(sample, "population_std", Samples.populationStandardDeviation(values), what);
      check(sample, "sem", Samples.standardErrorOfMean(values), what);
      Interval central = Samples.central(values, 0.025);
      Tolerance.DOUBLE.check(
          Golden.doubles(sample.get("percentiles")),
          new double[] {central.low(), central.high()},
          "percentiles" + what);
    }
  }

  @Test
  void intervalsOfMeansAreThoseOfSciPy() {
    for (JsonNode sample : GOLDEN.get("samples")) {
      SampleMean mean = SampleMean.of(Golden.doubles(sample.get("values")));
      Tolerance.STUDENT_T.check(sample.get("t_low").asDouble(), mean.confidence().low(), "low");
      Tolerance.STUDENT_T.check(sample.get("t_high").asDouble(), mean.confidence().high(), "high");
    }
  }

  @Test
  void qValuesAreThoseOfSciPy() {
    for (JsonNode family : GOLDEN.get("benjamini_hochberg")) {
      double[] pValues = Golden.doubles(family.get("p"));
      Tolerance.DOUBLE.check(
          Golden.doubles(family.get("q")), BenjaminiHochberg.qValues(pValues), "q");
    }
  }

  private static void check(JsonNode sample, String name, double actual, String what) {
    Tolerance.DOUBLE.check(sample.get(name).asDouble(), actual, name + what);
  }
}

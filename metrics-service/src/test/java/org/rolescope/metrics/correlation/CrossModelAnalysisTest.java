package org.rolescope.metrics.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.stats.Correlation;
import org.rolescope.metrics.testing.Golden;
import org.rolescope.metrics.testing.Tolerance;

final class CrossModelAnalysisTest {
  private static final LayerSeries RISING = series("rising", 1, 2, 4, 8);
  private static final LayerSeries FALLING = series("falling", 3, 2, 1, -6);

  /** Golden values: golden/tests.json, NumPy 1.26.4. */
  @Test
  void interpolationIsThatOfNumPy() {
    for (JsonNode each : Golden.read("tests.json").get("interpolations")) {
      double[] values = Golden.doubles(each.get("values"));
      Tolerance.DOUBLE.check(
          Golden.doubles(each.get("interpolated")),
          series("any", values).interpolated(each.get("count").asInt()),
          "interpolation of " + values.length);
    }
  }

  @Test
  void equalLengthsAreComparedAsTheyAre() {
    double[] odd = {0.1, 0.7, 1e-300, -3, 5e9};
    assertEquals(series("odd", odd), series("odd", series("odd", odd).interpolated(odd.length)));
  }

  @Test
  void unequalLengthsMeetAtEqualDepths() {
    LayerSeries line = series("line", 0, 1, 2, 3, 4);
    SeriesCorrelation pair = SeriesCorrelation.of(line, series("short", 10, 30, 20));
    assertTrue(pair.interpolated());
    assertEquals(3, pair.layersCompared());
    Correlation expected = Correlation.pearson(new double[] {0, 2, 4}, new double[] {10, 30, 20});
    assertEquals(expected, pair.pearson());
  }

  @Test
  void everyTwoSeriesAreCorrelatedInOrder() {
    LayerSeries third = series("third", 1, 5, 2);
    List<SeriesCorrelation> pairs =
        CrossModelAnalysis.of(List.of(RISING, FALLING, third)).correlations();
    assertEquals(
        List.of("rising falling", "rising third", "falling third"),
        pairs.stream().map(pair -> pair.first() + " " + pair.second()).toList());
    assertEquals(-1, pairs.getFirst().spearman().r());
    assertEquals(0, pairs.getFirst().spearman().pValue());
    assertTrue(CrossModelAnalysis.of(List.of(RISING)).correlations().isEmpty());
  }

  @Test
  void aConstantSeriesIsDescribedButNotCorrelated() {
    LayerSeries flat = series("flat", 0, 0, 0, 0);
    CrossModelAnalysis analysis = CrossModelAnalysis.of(List.of(flat, RISING));
    assertTrue(Double.isNaN(analysis.correlations().getFirst().pearson().r()));
    assertTrue(Double.isNaN(analysis.correlations().getFirst().spearman().pValue()));
    assertFalse(analysis.series().getFirst().restsOnOneLayer());
    assertEquals(0, analysis.series().getFirst().mostInfluentialLayer());
    assertEquals(0, analysis.series().getFirst().positiveCount());
  }

  @Test
  void aMeanMayOweItsSizeToOneLayer() {
    SeriesDescription large = SeriesDescription.of(series("large", 0.1, 9, 0.1, 0.1));
    assertEquals(1, large.mostInfluentialLayer());
    assertTrue(large.restsOnOneLayer());
    assertFalse(large.owesSign());
    // Without the layer the mean would be larger: it owes nothing to it.
    assertFalse(SeriesDescription.of(series("against", 3, 3, -1, 3)).restsOnOneLayer());
    String words = CrossModelAnalysis.of(List.of(large.series())).verdict();
    assertTrue(words.endsWith("more than half of its size to that one layer; read the median."));
  }

  @Test
  void seriesThatCannotBeUsedAreRefused() {
    assertRefused("There are no series", () -> CrossModelAnalysis.of(List.of()));
    assertRefused(
        "Two series have the name rising", () -> CrossModelAnalysis.of(List.of(RISING, RISING)));
    assertRefused("Series x has 1 layer; it needs at least 3", () -> series("x", 1));
    assertRefused("Series x has 2 layers", () -> series("x", 1, 2));
    assertRefused("Series x holds NaN at layer 2", () -> series("x", 1, 2, Double.NaN));
    assertRefused("Series x holds -Infinity", () -> series("x", Double.NEGATIVE_INFINITY, 1, 2));
    assertRefused("A series has no name", () -> series(" ", 1, 2, 3));
  }

  @Test
  void seriesAreValues() {
    double[] values = {1, 2, 4, 8};
    LayerSeries same = new LayerSeries("rising", values);
    values[0] = 99;
    same.toArray()[1] = 99;
    assertEquals(RISING, same);
    assertEquals(RISING.hashCode(), same.hashCode());
    assertNotEquals(RISING, FALLING);
    assertEquals("LayerSeries[rising, layers 4]", same.toString());
  }

  private static void assertRefused(String sentence, Executable call) {
    RolescopeException refused = assertThrows(RolescopeException.class, call);
    assertEquals(FaultCode.INVALID_ARGUMENT, refused.code());
    assertTrue(refused.getMessage().contains(sentence), refused.getMessage());
  }

  private static LayerSeries series(String name, double... values) {
    return new LayerSeries(name, values);
  }
}

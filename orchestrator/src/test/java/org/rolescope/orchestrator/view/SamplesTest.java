package org.rolescope.orchestrator.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.rolescope.orchestrator.json.Json;

/** Against SciPy and pandas, by reference/view/make_samples_golden.py. */
final class SamplesTest {
  private static final double RELATIVE = 1e-10;

  @Test
  void intervalsAreThoseOfScipy() throws IOException {
    try (InputStream in = SamplesTest.class.getResourceAsStream("samples_golden.json")) {
      for (JsonNode golden : Json.read(in.readAllBytes()).get("cases")) {
        Samples first = Samples.of(values(golden.get("first")));
        Samples second = Samples.of(values(golden.get("second")));
        assertClose(values(golden.get("mean")), first.estimate());
        assertClose(values(golden.get("difference")), first.minus(second));
      }
    }
  }

  @Test
  void whatIsNotThereIsLeftOut() {
    Samples some = Samples.of(new double[] {Double.NaN, 1, 3, Double.NaN});
    assertEquals(2, some.count());
    assertEquals(2, some.mean());
    assertTrue(Double.isNaN(Samples.of(new double[0]).mean()));
    Estimate one = Samples.of(new double[] {5}).estimate();
    assertEquals(5, one.value());
    assertTrue(Double.isNaN(one.low()) && Double.isNaN(one.high()));
    assertTrue(Double.isNaN(some.minus(Samples.of(new double[] {5})).low()));
  }

  private static double[] values(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static void assertClose(double[] expected, Estimate actual) {
    double[] found = {actual.value(), actual.low(), actual.high()};
    for (int index = 0; index < expected.length; index++) {
      assertEquals(
          expected[index], found[index], RELATIVE * Math.max(1, Math.abs(expected[index])));
    }
  }
}

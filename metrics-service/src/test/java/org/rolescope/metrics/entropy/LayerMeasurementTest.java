package org.rolescope.metrics.entropy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.testing.Patterns;

final class LayerMeasurementTest {
  /** Two heads, two positions; head 1's last row is the last two numbers. */
  private static float[] goodPattern() {
    return new float[] {1, 0, 0.25f, 0.75f, 1, 0, 0.5f, 0.5f};
  }

  @ParameterizedTest
  @CsvSource({
    "6, NaN, gives key 0 a weight of NaN",
    "7, -0.5, gives key 1 a weight of -0.5",
    "7, Infinity, sums to Infinity",
    "7, NaN, gives key 1 a weight of NaN",
    "5, NaN, gives key 1 a weight of NaN",
    "5, -0.5, gives key 1 a weight of -0.5",
    "7, 0.25, 'sums to 0.75 over the keys it can see, not to 1'",
    "5, 0.5, 'gives 0.5 to future keys, not 0'"
  })
  void damagedRowIsNamed(int index, float value, String reason) {
    float[] pattern = goodPattern();
    pattern[index] = value;
    LayerMeasurement measurement = new LayerMeasurement(3, 2, List.of(1, 2));
    String message = dataLoss(() -> measurement.add(Patterns.tensor(3, List.of(1), 2, 2, pattern)));
    assertTrue(message.contains("layer 3, head 1, prompt 1"), message);
    assertTrue(message.contains("query position " + index % 4 / 2), message);
    assertTrue(message.contains(reason), message);
  }

  @Test
  void promptMayNotBeMissing() {
    LayerMeasurement measurement = new LayerMeasurement(3, 2, List.of(2, 2));
    measurement.add(Patterns.tensor(3, List.of(0), 2, 2, goodPattern()));
    String message = dataLoss(measurement::finish);
    assertEquals(
        "The tensor stream is damaged in layer 3: prompt 1 is missing; run it again", message);
  }

  @Test
  void promptMayNotComeTwice() {
    LayerMeasurement measurement = new LayerMeasurement(3, 2, List.of(2, 2));
    measurement.add(Patterns.tensor(3, List.of(0), 2, 2, goodPattern()));
    String message =
        dataLoss(() -> measurement.add(Patterns.tensor(3, List.of(0), 2, 2, goodPattern())));
    assertTrue(message.contains("prompt 0 came twice"), message);
  }

  @Test
  void promptMustBeKnownAndOfItsLength() {
    LayerMeasurement measurement = new LayerMeasurement(3, 2, List.of(3));
    String unknown =
        dataLoss(() -> measurement.add(Patterns.tensor(3, List.of(7), 2, 2, goodPattern())));
    assertTrue(unknown.contains("prompt 7 came, but there are only 1"), unknown);
    String other =
        dataLoss(() -> measurement.add(Patterns.tensor(3, List.of(0), 2, 2, goodPattern())));
    assertTrue(other.contains("prompt 0 has 3 tokens but a pattern over 2"), other);
  }

  @Test
  void headsMustBeThoseOfTheModel() {
    LayerMeasurement measurement = new LayerMeasurement(3, 4, List.of(2));
    String message =
        dataLoss(() -> measurement.add(Patterns.tensor(3, List.of(0), 2, 2, goodPattern())));
    assertTrue(message.contains("pattern of 4 heads"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "2, NaN, 'that of key 0 is NaN, not a number from 0 on'",
    "3, -0.5, 'that of key 1 is -0.5, not'",
    "3, Infinity, 'that of key 1 is Infinity, not'"
  })
  void damagedNormIsNamed(int index, float value, String reason) {
    float[] norms = {1, 2, 3, 4};
    norms[index] = value;
    LayerMeasurement measurement = new LayerMeasurement(3, 2, List.of(1, 2));
    String message =
        dataLoss(() -> measurement.addValueNorm(Patterns.valueNorm(3, List.of(1), 2, 2, norms)));
    assertTrue(message.contains("value norms of layer 3, head 1, prompt 1"), message);
    assertTrue(message.contains(reason), message);
  }

  @Test
  void normsMustBeThoseOfThePatternBehindThem() {
    LayerMeasurement measurement = weighted(List.of(1), 2);
    String other =
        dataLoss(() -> measurement.add(Patterns.tensor(3, List.of(0), 2, 2, goodPattern())));
    assertTrue(
        other.contains("norms of prompts [1] over 2 keys came before a pattern of prompts [0]"),
        other);
    LayerMeasurement longer = weighted(List.of(0), 3);
    String keys = dataLoss(() -> longer.add(Patterns.tensor(3, List.of(0), 2, 2, goodPattern())));
    assertTrue(keys.contains("over 3 keys"), keys);
  }

  @Test
  void normsMustComeForAllPromptsOrNone() {
    LayerMeasurement measurement = weighted(List.of(0), 2);
    measurement.add(Patterns.tensor(3, List.of(0), 2, 2, goodPattern()));
    measurement.add(Patterns.tensor(3, List.of(1), 2, 2, goodPattern()));
    String message = dataLoss(measurement::finish);
    assertTrue(message.contains("prompt 1 came without value norms, others not"), message);
  }

  @Test
  void normsNeedAPatternBehindThem() {
    LayerMeasurement twice = weighted(List.of(0), 2);
    String message =
        dataLoss(() -> twice.addValueNorm(Patterns.valueNorm(3, List.of(0), 2, 2, new float[4])));
    assertTrue(message.contains("value norms came without a pattern behind them"), message);
    LayerMeasurement late = new LayerMeasurement(3, 2, List.of(2));
    late.add(Patterns.tensor(3, List.of(0), 2, 2, goodPattern()));
    late.addValueNorm(Patterns.valueNorm(3, List.of(0), 2, 2, new float[4]));
    assertTrue(dataLoss(late::finish).contains("without a pattern"));
  }

  @Test
  void normsMustHaveTheirShape() {
    LayerMeasurement measurement = new LayerMeasurement(3, 2, List.of(2));
    String heads =
        dataLoss(
            () -> measurement.addValueNorm(Patterns.valueNorm(3, List.of(0), 3, 2, new float[6])));
    assertTrue(heads.contains("not that of value norms of 2 heads"), heads);
    String axes =
        dataLoss(
            () -> measurement.addValueNorm(Patterns.tensor(3, List.of(0), 2, 2, goodPattern())));
    assertTrue(axes.contains("not that of value norms"), axes);
  }

  private static LayerMeasurement weighted(List<Integer> prompts, int tokens) {
    LayerMeasurement measurement = new LayerMeasurement(3, 2, List.of(2, 2));
    measurement.addValueNorm(Patterns.valueNorm(3, prompts, 2, tokens, new float[2 * tokens]));
    return measurement;
  }

  private static String dataLoss(Executable step) {
    RolescopeException fault = assertThrows(RolescopeException.class, step);
    assertEquals(FaultCode.DATA_LOSS, fault.code());
    return fault.getMessage();
  }
}

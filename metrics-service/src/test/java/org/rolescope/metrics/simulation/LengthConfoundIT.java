package org.rolescope.metrics.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rolescope.metrics.confound.ConfoundReport;
import org.rolescope.metrics.confound.Confounds;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.entropy.LayerMeasurement;
import org.rolescope.metrics.role.ControlledIndices;
import org.rolescope.metrics.role.LayerRoles;
import org.rolescope.metrics.role.RoleEstimator;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.testing.Entropies;
import org.rolescope.metrics.testing.Patterns;
import org.rolescope.metrics.testing.SeededRandom;
import org.rolescope.tensors.TensorView;

/**
 * Self prompts of 8 tokens and all others of 12; nothing else differs: every row is a softmax of
 * normal scores over the keys it can see, with a sharpness drawn for the prompt. RFC must be 0
 * where length is controlled for, and is far from it where not.
 */
final class LengthConfoundIT {
  private static final int EACH = 20;
  private static final int HEADS = 8;
  private static final int SELF_TOKENS = 8;
  private static final int OTHER_TOKENS = 12;
  private static final List<EntropyKind> KINDS =
      List.of(
          EntropyKind.REFERENCE,
          EntropyKind.EXACT,
          EntropyKind.LENGTH_NORMALISED,
          EntropyKind.POSITION_MATCHED);
  private static final List<EntropyKind> LENGTH_CONTROLS =
      List.of(EntropyKind.LENGTH_NORMALISED, EntropyKind.POSITION_MATCHED);

  private final Random random = SeededRandom.create();
  private final List<Integer> lengths =
      IntStream.range(0, 3 * EACH)
          .mapToObj(prompt -> prompt < EACH ? SELF_TOKENS : OTHER_TOKENS)
          .toList();
  private final RoleOptions options =
      RoleOptions.defaults(Entropies.categories(EACH), 3).withResamples(1000, 1);

  @Test
  void lengthAloneIsFocusOnlyWhereItIsNotControlledFor() {
    int trials = 100;
    Map<EntropyKind, Integer> atZero = new EnumMap<>(EntropyKind.class);
    Map<EntropyKind, Double> mean = new EnumMap<>(EntropyKind.class);
    RoleEstimator estimator = new RoleEstimator(options);
    for (int trial = 0; trial < trials; trial++) {
      for (ControlledIndices control : estimator.estimate(layer()).controls()) {
        Estimate rfc = control.rfc();
        atZero.merge(control.kind(), rfc.confidence().excludes(0) ? 0 : 1, Integer::sum);
        mean.merge(control.kind(), rfc.value() / trials, Double::sum);
      }
    }
    System.out.println(
        "simulated lengths: intervals that hold 0, of "
            + trials
            + ": "
            + atZero
            + ", mean "
            + mean);
    assertEquals(0, atZero.get(EntropyKind.REFERENCE));
    assertEquals(0, atZero.get(EntropyKind.EXACT));
    assertTrue(mean.get(EntropyKind.REFERENCE) > 0.15, mean.toString());
    for (EntropyKind control : LENGTH_CONTROLS) {
      // 95 are expected; fewer than 88 come by chance once in a thousand times.
      assertTrue(atZero.get(control) >= 88, control + " " + atZero);
    }
    assertEquals(0, mean.get(EntropyKind.POSITION_MATCHED), 0.005);
    // A row that is not flat falls short of ln n by about the same amount for every n, so that
    // length normalisation leaves a remainder.
    assertEquals(0, mean.get(EntropyKind.LENGTH_NORMALISED), 0.02);
  }

  @Test
  void reportSaysThatTheConclusionDoesNotSurvive() {
    LayerEntropies layer = layer();
    LayerRoles roles = new RoleEstimator(options).estimate(layer);
    Confounds confounds = new Confounds(options);
    confounds.add(layer, roles);
    ConfoundReport report = confounds.report(List.of(roles));
    assertEquals(SELF_TOKENS - OTHER_TOKENS, report.rfcBalance().differenceTokens());
    assertTrue(!report.rfcBalance().balanced() && report.rfcBalance().pValue() < 1e-6);
    assertTrue(
        report
            .verdict()
            .startsWith(
                "RFC: 1 layer has an interval that excludes 0, 0 of which survive every control (length-normalised and position-matched entropy); lost: layer 0 under length-normalised, layer 0 under position-matched."),
        report.verdict());
    assertTrue(report.verdict().contains("not balanced, neither for RFC nor for RSI"));
  }

  /** One layer of prompts drawn anew, with the kinds of entropy that length concerns. */
  private LayerEntropies layer() {
    LayerMeasurement measurement = new LayerMeasurement(0, HEADS, lengths);
    for (int prompt = 0; prompt < lengths.size(); prompt++) {
      measurement.add(pattern(prompt, lengths.get(prompt)));
    }
    LayerEntropies measured = measurement.finish();
    Map<EntropyKind, EntropyTable> tables = new EnumMap<>(EntropyKind.class);
    KINDS.forEach(kind -> tables.put(kind, measured.table(kind)));
    return new LayerEntropies(0, HEADS, lengths, tables);
  }

  private TensorView pattern(int prompt, int tokens) {
    double sharpness = 1 + 0.25 * random.nextGaussian();
    float[] values = new float[HEADS * tokens * tokens];
    for (int head = 0; head < HEADS; head++) {
      for (int query = 0; query < tokens; query++) {
        float[] row = row(tokens, query + 1, sharpness * (0.6 + 0.1 * head));
        System.arraycopy(row, 0, values, (head * tokens + query) * tokens, tokens);
      }
    }
    return Patterns.tensor(0, List.of(prompt), HEADS, tokens, values);
  }

  /** A causal row, [key_pos]: softmax of normal scores over the first keys. */
  private float[] row(int tokens, int keys, double sharpness) {
    float[] row = new float[tokens];
    double total = 0;
    for (int key = 0; key < keys; key++) {
      row[key] = (float) Math.exp(sharpness * random.nextGaussian());
      total += row[key];
    }
    for (int key = 0; key < keys; key++) {
      row[key] /= (float) total;
    }
    return row;
  }
}

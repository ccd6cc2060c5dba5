package org.rolescope.metrics.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rolescope.metrics.confound.ConfoundReport;
import org.rolescope.metrics.confound.Confounds;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.ExactEntropy;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.entropy.ReferenceEntropy;
import org.rolescope.metrics.role.ControlledIndices;
import org.rolescope.metrics.role.LayerRoles;
import org.rolescope.metrics.role.RoleEstimator;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.testing.Entropies;
import org.rolescope.metrics.testing.SeededRandom;

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

  /** One layer of prompts drawn anew, measured in plain loops. */
  private LayerEntropies layer() {
    int prompts = lengths.size();
    Map<EntropyKind, double[]> nats = new EnumMap<>(EntropyKind.class);
    for (EntropyKind kind :
        List.of(
            EntropyKind.REFERENCE,
            EntropyKind.EXACT,
            LENGTH_CONTROLS.get(0),
            LENGTH_CONTROLS.get(1))) {
      nats.put(kind, new double[HEADS * prompts]);
    }
    for (int prompt = 0; prompt < prompts; prompt++) {
      double sharpness = 1 + 0.25 * random.nextGaussian();
      for (int head = 0; head < HEADS; head++) {
        int cell = head * prompts + prompt;
        int tokens = lengths.get(prompt);
        ReferenceEntropy reference = new ReferenceEntropy(tokens);
        for (int query = 0; query < tokens; query++) {
          int keys = query + 1;
          float[] row = row(tokens, keys, sharpness * (0.6 + 0.1 * head));
          double exact = ExactEntropy.nats(row, keys);
          nats.get(EntropyKind.REFERENCE)[cell] += reference.nats(row) / tokens;
          nats.get(EntropyKind.EXACT)[cell] += exact / tokens;
          if (keys >= 2) {
            nats.get(EntropyKind.LENGTH_NORMALISED)[cell] += exact / Math.log(keys) / (tokens - 1);
          }
          if (query < SELF_TOKENS) {
            nats.get(EntropyKind.POSITION_MATCHED)[cell] += exact / SELF_TOKENS;
          }
        }
      }
    }
    return new LayerEntropies(0, HEADS, lengths, tables(nats));
  }

  private Map<EntropyKind, EntropyTable> tables(Map<EntropyKind, double[]> nats) {
    Map<EntropyKind, EntropyTable> tables = new EnumMap<>(EntropyKind.class);
    nats.forEach(
        (kind, values) ->
            tables.put(kind, new EntropyTable(HEADS, lengths.size(), values, counts(kind))));
    return tables;
  }

  private Optional<List<Integer>> counts(EntropyKind kind) {
    return switch (kind) {
      case LENGTH_NORMALISED -> Optional.of(lengths.stream().map(tokens -> tokens - 1).toList());
      case POSITION_MATCHED -> Optional.of(Collections.nCopies(lengths.size(), SELF_TOKENS));
      case REFERENCE, EXACT, SINK_EXCLUDED, NORM_WEIGHTED -> Optional.empty();
    };
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

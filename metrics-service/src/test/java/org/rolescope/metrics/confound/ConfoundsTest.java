package org.rolescope.metrics.confound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.contrast.ModelComparison;
import org.rolescope.metrics.entropy.KeyAttention;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.role.LayerRoles;
import org.rolescope.metrics.role.RoleEstimator;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.metrics.testing.Entropies;
import org.rolescope.metrics.testing.SeededRandom;
import org.rolescope.metrics.testing.Tolerance;

final class ConfoundsTest {
  private static final int EACH = 8;
  private static final int HEADS = 3;
  private static final int PROMPTS = 3 * EACH;
  private static final List<Integer> EQUAL = Collections.nCopies(PROMPTS, 6);

  private final Random random = SeededRandom.create();
  private final RoleOptions options =
      RoleOptions.defaults(Entropies.categories(EACH), 2).withResamples(200, 200);

  @Test
  void lengthsAreThoseOfTheCategories() {
    List<Integer> tokens =
        IntStream.range(0, PROMPTS).mapToObj(prompt -> 4 + prompt / EACH * 5 + prompt % 2).toList();
    ConfoundReport report = report(layer(0, tokens, Optional.empty()));
    assertEquals(
        List.of(
            new CategoryLengths("self_referent", EACH, 4.5, 4, 5),
            new CategoryLengths("neutral", EACH, 9.5, 9, 10),
            new CategoryLengths("confounder", EACH, 14.5, 14, 15)),
        report.lengths());
    assertEquals(-5, report.rfcBalance().differenceTokens());
    assertEquals(-10, report.rsiBalance().orElseThrow().differenceTokens());
    assertTrue(!report.rfcBalance().balanced() && report.rfcBalance().pValue() < 0.01);
    assertTrue(
        report
            .verdict()
            .contains(
                "Self prompts are 4.5 tokens long on average, neutral ones 9.5 (Mann-Whitney p = 0.0006) and confounder ones 14.5 (p = 0.0006): lengths are not balanced, neither for RFC nor for RSI."),
        report.verdict());
  }

  @Test
  void sinkMassIsTheMeanOverRowsAndHeads() {
    List<Integer> tokens = new ArrayList<>(EQUAL);
    tokens.set(0, 1);
    tokens.set(1, 2);
    double[] first = new double[HEADS * PROMPTS * KeyAttention.KEYS];
    Arrays.fill(first, 0.25);
    for (int head = 0; head < HEADS; head++) {
      Arrays.fill(first, head * PROMPTS * 3, head * PROMPTS * 3 + 3, Double.NaN);
      first[(head * PROMPTS + 1) * 3] = 0.1 * head;
    }
    KeyAttention attention = new KeyAttention(HEADS, PROMPTS, first, first);
    ConfoundReport report = report(layer(0, tokens, Optional.of(attention)));
    double rows = 1 + 22 * 5;
    Tolerance.DOUBLE.check(
        (0.1 + 0.25 * 22 * 5) / rows, report.layers().getFirst().base().sinkMass(), "sink");
  }

  @Test
  void sameNumbersGiveTheseWords() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      LayerEntropies sinking = layer(0, EQUAL, Optional.of(attention(0.8)));
      LayerEntropies sound = layer(1, EQUAL, Optional.of(attention(0.3)));
      double[] nats = random.doubles((long) HEADS * PROMPTS, 0.5, 0.5001).toArray();
      Arrays.fill(nats, EACH, 2 * EACH, 0.001);
      LayerEntropies degenerate = Entropies.layer(2, HEADS, EQUAL, nats);
      Arrays.fill(nats, 0.001);
      LayerEntropies allDegenerate = Entropies.layer(3, HEADS, EQUAL, nats);
      String verdict = report(sinking, sound, degenerate, allDegenerate).verdict();
      assertEquals(
          "RFC: 1 layer has an interval that excludes 0; whether that survives a control is unknown, because none was measured."
              + " RSI: no layer has an interval that excludes 0, so there is nothing to control."
              + " Self prompts are 6.0 tokens long on average, neutral ones 6.0 (Mann-Whitney p = 1.0000) and confounder ones 6.0 (p = 1.0000): lengths count as balanced."
              + " More than half of the attention rests on the first token in layer 0."
              + " Degenerate heads, with a neutral entropy below 0.02 nats, stand in layers 2 and 3; there is no other head in layer 3.",
          verdict);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void withoutAttentionByPositionThereIsNoSink() {
    ConfoundReport report = report(layer(0, EQUAL, Optional.empty()));
    assertTrue(Double.isNaN(report.layers().getFirst().base().sinkMass()));
    assertTrue(
        report.verdict().contains("Attention to the first token was not measured."),
        report.verdict());
  }

  @Test
  void withoutAConfounderNothingIsSaidOfRsi() {
    List<String> categories = new ArrayList<>(Entropies.categories(EACH));
    Collections.replaceAll(categories, "confounder", "third_person");
    RoleOptions rfcOnly = RoleOptions.defaults(categories, 2).withResamples(200, 200);
    Confounds confounds = new Confounds(rfcOnly);
    LayerEntropies layer = layer(0, EQUAL, Optional.empty());
    LayerRoles roles = new RoleEstimator(rfcOnly).estimate(layer);
    confounds.add(layer, roles);
    ConfoundReport report = confounds.report(List.of(roles));
    assertEquals(Optional.empty(), report.rsiBalance());
    assertEquals(
        "RFC: no layer has an interval that excludes 0, so there is nothing to control."
            + " Self prompts are 6.0 tokens long on average, neutral ones 6.0 (Mann-Whitney p = 1.0000): lengths count as balanced."
            + " Attention to the first token was not measured. No head is degenerate.",
        report.verdict());
  }

  @Test
  void twoModelsAreNamedApart() {
    List<Integer> other = new ArrayList<>(EQUAL);
    other.set(3, 7);
    Confounds confounds = new Confounds(options);
    ModelComparison comparison = new ModelComparison(options);
    LayerEntropies base = layer(4, EQUAL, Optional.of(attention(0.2)));
    LayerEntropies instruct = layer(4, other, Optional.of(attention(0.7)));
    confounds.add(base, instruct, comparison.add(base, instruct));
    ConfoundReport report = confounds.report(comparison.finish());
    Tolerance.DOUBLE.check(0.7, report.layers().getFirst().instruct().orElseThrow().sinkMass(), "");
    for (String sentence :
        List.of(
            "RFC: no layer differs at q < 0.05, so there is nothing to control.",
            "That is as base splits them; instruct splits some prompts otherwise.",
            "More than half of the attention rests on the first token in layer 4 of instruct.",
            "No head is degenerate.")) {
      assertTrue(report.verdict().contains(sentence), report.verdict());
    }
  }

  @Test
  void layersMustBeOfOneMeasurement() {
    Confounds confounds = new Confounds(options);
    add(confounds, layer(0, EQUAL, Optional.empty()));
    LayerEntropies other = layer(5, Collections.nCopies(PROMPTS, 7), Optional.empty());
    RolescopeException fault = assertThrows(RolescopeException.class, () -> add(confounds, other));
    assertEquals(FaultCode.INVALID_ARGUMENT, fault.code());
    assertEquals(
        "The prompts of layer 5 have other numbers of query positions than those of layer 0; send layers of one measurement",
        fault.getMessage());
  }

  private ConfoundReport report(LayerEntropies... layers) {
    Confounds confounds = new Confounds(options);
    return confounds.report(Arrays.stream(layers).map(layer -> add(confounds, layer)).toList());
  }

  private LayerRoles add(Confounds confounds, LayerEntropies layer) {
    LayerRoles roles = new RoleEstimator(options).estimate(layer);
    confounds.add(layer, roles);
    return roles;
  }

  private static KeyAttention attention(double sink) {
    double[] values = new double[HEADS * PROMPTS * KeyAttention.KEYS];
    Arrays.fill(values, sink);
    return new KeyAttention(HEADS, PROMPTS, values, values);
  }

  /** Roles make no difference here: every prompt of a category has a like in the others. */
  private LayerEntropies layer(int layer, List<Integer> tokens, Optional<KeyAttention> attention) {
    double[] nats = new double[HEADS * PROMPTS];
    for (int cell = 0; cell < nats.length; cell++) {
      nats[cell] = 1 + 0.05 * (cell % EACH);
    }
    LayerEntropies plain = Entropies.layer(layer, HEADS, tokens, nats);
    return new LayerEntropies(layer, HEADS, tokens, plain.tables(), attention);
  }
}

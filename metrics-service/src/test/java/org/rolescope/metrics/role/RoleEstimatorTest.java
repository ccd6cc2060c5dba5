package org.rolescope.metrics.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.stats.Interval;
import org.rolescope.metrics.testing.Entropies;
import org.rolescope.metrics.testing.SeededRandom;
import org.rolescope.metrics.testing.Tolerance;

final class RoleEstimatorTest {
  private static final int EACH = 6;
  private static final int HEADS = 4;

  private final Random random = SeededRandom.create();
  private final RoleOptions options = RoleOptions.defaults(Entropies.categories(EACH), 11);

  @Test
  void pooledWeighsPromptsByTheirQueryPositions() {
    LayerEntropies layer = Entropies.random(random, 0, HEADS, 3 * EACH);
    LayerRoles roles = new RoleEstimator(options).estimate(layer);
    for (int head = 0; head < HEADS; head++) {
      HeadIndex exact = roles.heads().get(head).exact();
      Tolerance.DOUBLE.check(pooled(layer, head, 0), exact.selfNats(), "self");
      Tolerance.DOUBLE.check(pooled(layer, head, EACH), exact.neutralNats(), "neutral");
      Tolerance.DOUBLE.check(pooled(layer, head, 2 * EACH), exact.confounderNats(), "confounder");
    }
  }

  @Test
  void sameEntropyOfSelfAndNeutralIsNoFocus() {
    double[] nats = random.doubles((long) HEADS * EACH, 0.5, 1.5).toArray();
    double[] tables = new double[HEADS * 3 * EACH];
    for (int head = 0; head < HEADS; head++) {
      for (int copy = 0; copy < 3; copy++) {
        System.arraycopy(nats, head * EACH, tables, (head * 3 + copy) * EACH, EACH);
      }
    }
    List<Integer> queryCounts = Collections.nCopies(3 * EACH, 5);
    LayerRoles roles =
        new RoleEstimator(options).estimate(Entropies.layer(0, HEADS, queryCounts, tables));
    assertEquals(0, roles.rfc().reference().mean());
    assertEquals(0, roles.rfc().ratioOfSums().value());
    assertEquals(0, roles.rfc().referencePromptIndex().value());
    assertEquals(new Interval(0, 0), roles.rfc().referencePromptIndex().confidence());
    assertEquals(0, roles.rsi().headMedian());
  }

  @Test
  void orderOfHeadsDoesNotMatter() {
    List<Integer> queryCounts = Collections.nCopies(3 * EACH, 4);
    double[] nats = random.doubles((long) HEADS * 3 * EACH, 0.5, 1.5).toArray();
    double[] reversed = new double[nats.length];
    for (int head = 0; head < HEADS; head++) {
      System.arraycopy(nats, head * 3 * EACH, reversed, (HEADS - 1 - head) * 3 * EACH, 3 * EACH);
    }
    RoleEstimator estimator = new RoleEstimator(options);
    LayerIndex one = estimator.estimate(Entropies.layer(0, HEADS, queryCounts, nats)).rfc();
    LayerIndex other = estimator.estimate(Entropies.layer(0, HEADS, queryCounts, reversed)).rfc();
    Tolerance.DOUBLE.check(one.reference().mean(), other.reference().mean(), "mean");
    Tolerance.DOUBLE.check(
        one.ratioOfSums().confidence().low(), other.ratioOfSums().confidence().low(), "low");
    Tolerance.DOUBLE.check(one.headMedian(), other.headMedian(), "median");
  }

  @Test
  void seedDecidesTheIntervalAndNothingElse() {
    LayerEntropies layer = Entropies.random(random, 0, HEADS, 3 * EACH);
    LayerRoles first = new RoleEstimator(options).estimate(layer);
    assertEquals(first, new RoleEstimator(options).estimate(layer));
    RoleOptions other = RoleOptions.defaults(Entropies.categories(EACH), 12);
    LayerRoles second = new RoleEstimator(other).estimate(layer);
    assertNotEquals(
        first.rfc().ratioOfSums().confidence(), second.rfc().ratioOfSums().confidence());
    assertEquals(first.rfc().ratioOfSums().value(), second.rfc().ratioOfSums().value());
    assertEquals(first.rfc().reference(), second.rfc().reference());
  }

  @Test
  void oneHeadHasNoSpreadOverHeads() {
    LayerRoles roles =
        new RoleEstimator(options).estimate(Entropies.random(random, 0, 1, 3 * EACH));
    assertTrue(Double.isNaN(roles.rfc().reference().standardDeviation()));
    assertEquals(Interval.UNDEFINED, roles.rfc().reference().confidence());
    assertFalse(Double.isNaN(roles.rfc().ratioOfSums().confidence().low()));
    assertFalse(roles.unstable());
  }

  @Test
  void onePromptForEachRoleHasNoSpreadOverPrompts() {
    RoleOptions single = RoleOptions.defaults(Entropies.categories(1), 1);
    LayerRoles roles = new RoleEstimator(single).estimate(Entropies.random(random, 0, HEADS, 3));
    assertEquals(Interval.UNDEFINED, roles.rfc().referencePromptIndex().confidence());
    assertFalse(Double.isNaN(roles.rfc().ratioOfSums().value()));
    assertEquals(Interval.UNDEFINED, roles.rfc().ratioOfSums().confidence());
    assertTrue(Double.isNaN(roles.selfAgainstNeutral().cohensD()));
    assertTrue(Double.isNaN(roles.selfAgainstNeutral().hedgesG()));
  }

  @Test
  void categoriesOfDifferentSizeCannotBePaired() {
    RoleOptions uneven =
        RoleOptions.defaults(
            List.of("self_referent", "self_referent", "neutral", "confounder", "confounder"), 1);
    LayerRoles roles = new RoleEstimator(uneven).estimate(Entropies.random(random, 0, HEADS, 5));
    assertEquals(Interval.UNDEFINED, roles.rfc().referencePromptIndex().confidence());
    assertEquals(Interval.UNDEFINED, roles.rsi().referencePromptIndex().confidence());
    assertFalse(Double.isNaN(roles.rfc().referencePromptIndex().value()));
  }

  @Test
  void withoutNeutralEntropyTheReferenceIsZeroAndTheDefaultUndefined() {
    double[] nats = new double[HEADS * 3 * EACH];
    for (int index = 0; index < nats.length; index++) {
      nats[index] = index / EACH % 3 == 1 ? 0 : 1;
    }
    LayerRoles roles =
        new RoleEstimator(options)
            .estimate(Entropies.layer(0, HEADS, Collections.nCopies(3 * EACH, 4), nats));
    assertEquals(0, roles.rfc().reference().mean());
    assertTrue(Double.isNaN(roles.rfc().ratioOfSums().value()));
    assertEquals(Interval.UNDEFINED, roles.rfc().ratioOfSums().confidence());
    assertTrue(Double.isNaN(roles.rfc().headMedian()));
    assertTrue(roles.heads().stream().allMatch(HeadRoles::degenerate));
    assertTrue(roles.unstable());
  }

  /** Qwen's first layer in small: one head with hardly any neutral entropy makes the mean. */
  @Test
  void oneDegenerateHeadMovesTheReferenceAndNotTheDefault() {
    LayerEntropies sound = Entropies.random(random, 0, HEADS, 3 * EACH);
    double[] nats = sound.table(EntropyKind.EXACT).toArray();
    Arrays.fill(nats, 0, EACH, 0.05);
    Arrays.fill(nats, EACH, 2 * EACH, 0.001);
    Arrays.fill(nats, 2 * EACH, 3 * EACH, 0.02);
    LayerEntropies planted = Entropies.layer(0, HEADS, sound.queryCounts(), nats);
    Arrays.fill(nats, 0, 3 * EACH, 0);
    LayerEntropies without = Entropies.layer(0, HEADS, sound.queryCounts(), nats);
    RoleEstimator estimator = new RoleEstimator(options);
    LayerRoles roles = estimator.estimate(planted);
    assertTrue(roles.unstable());
    assertTrue(roles.heads().getFirst().degenerate());
    assertTrue(roles.rfc().reference().mean() < -5);
    assertEquals(
        estimator.estimate(without).rfc().ratioOfSums().value(),
        roles.rfc().ratioOfSums().value(),
        0.03);
  }

  @Test
  void layerMustHaveThePromptsOfTheOptions() {
    RolescopeException fault =
        assertThrows(
            RolescopeException.class,
            () -> new RoleEstimator(options).estimate(Entropies.random(random, 5, HEADS, 4)));
    assertEquals(FaultCode.INVALID_ARGUMENT, fault.code());
    assertEquals(
        "Layer 5 has 4 prompts but the options name 18 categories; name one for each prompt",
        fault.getMessage());
  }

  private static double pooled(LayerEntropies layer, int head, int firstPrompt) {
    double nats = 0;
    double rows = 0;
    for (int prompt = firstPrompt; prompt < firstPrompt + EACH; prompt++) {
      for (int query = 0; query < layer.queryCounts().get(prompt); query++) {
        nats += layer.table(EntropyKind.EXACT).nats(head, prompt);
        rows++;
      }
    }
    return nats / rows;
  }
}

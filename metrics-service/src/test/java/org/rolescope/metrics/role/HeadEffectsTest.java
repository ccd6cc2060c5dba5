package org.rolescope.metrics.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.KeyAttention;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.stats.EffectSize;
import org.rolescope.metrics.stats.Interval;
import org.rolescope.metrics.testing.Entropies;
import org.rolescope.metrics.testing.SeededRandom;
import org.rolescope.metrics.testing.Tolerance;

final class HeadEffectsTest {
  private static final int EACH = 6;
  private static final int HEADS = 4;
  private static final int PROMPTS = 3 * EACH;

  private final Random random = SeededRandom.create();
  private final RoleOptions options = RoleOptions.defaults(Entropies.categories(EACH), 11);

  @Test
  void eachPromptCountsOnceWhateverItsLength() {
    LayerEntropies layer = Entropies.random(random, 0, HEADS, PROMPTS);
    LayerRoles roles = new RoleEstimator(options).estimate(layer);
    EntropyTable table = layer.table(EntropyKind.EXACT);
    for (int head = 0; head < HEADS; head++) {
      int row = head;
      double[] nats =
          IntStream.range(0, PROMPTS).mapToDouble(prompt -> table.nats(row, prompt)).toArray();
      assertEquals(effect(nats), roles.heads().get(head).selfAgainstNeutral());
    }
    double[] means =
        IntStream.range(0, PROMPTS)
            .mapToDouble(
                prompt ->
                    IntStream.range(0, HEADS)
                        .mapToDouble(head -> table.nats(head, prompt))
                        .average()
                        .orElseThrow())
            .toArray();
    assertEquals(effect(means), roles.selfAgainstNeutral());
  }

  @Test
  void promptsWithoutEntropyAreLeftOut() {
    LayerEntropies full = Entropies.random(random, 0, HEADS, PROMPTS);
    double[] nats = full.table(EntropyKind.EXACT).toArray();
    for (int head = 0; head < HEADS; head++) {
      nats[head * PROMPTS + 2] = Double.NaN;
    }
    List<Integer> counts =
        IntStream.range(0, PROMPTS)
            .mapToObj(prompt -> prompt == 2 ? 0 : full.queryCounts().get(prompt))
            .toList();
    EntropyTable gap = new EntropyTable(HEADS, PROMPTS, nats, Optional.of(counts));
    LayerEntropies layer =
        new LayerEntropies(
            0,
            HEADS,
            full.queryCounts(),
            Map.of(
                EntropyKind.REFERENCE, full.table(EntropyKind.REFERENCE), EntropyKind.EXACT, gap));
    LayerRoles roles = new RoleEstimator(options).estimate(layer);
    double[] self = {nats[0], nats[1], nats[3], nats[4], nats[5]};
    assertEquals(
        EffectSize.of(self, Arrays.copyOfRange(nats, EACH, 2 * EACH)),
        roles.heads().getFirst().selfAgainstNeutral());
    assertTrue(Double.isFinite(roles.rfc().ratioOfSums().confidence().low()));
  }

  @Test
  void attentionByPositionIsComparedAmongPromptsThatHaveTheKey() {
    List<Integer> tokens = List.of(1, 2, 5, 4, 4, 3);
    RoleOptions six =
        RoleOptions.defaults(
            List.of(
                "self_referent",
                "self_referent",
                "self_referent",
                "neutral",
                "neutral",
                "confounder"),
            1);
    double nan = Double.NaN;
    double[] first = {
      nan, nan, nan, 0.9, 0.1, nan, 0.5, 0.2, 0.1, 0.4, 0.3, 0.2, 0.6, 0.1, 0.1, 0.3, 0.3, 0.4
    };
    double[] last = {
      nan, nan, nan, nan, 0.9, 0.1, 0.1, 0.1, 0.1, 0.3, 0.2, 0.1, 0.1, 0.1, 0.2, 0.3, 0.3, 0.4
    };
    KeyAttentionDifference difference =
        new RoleEstimator(six)
            .estimate(layer(1, tokens, new KeyAttention(1, 6, first, last)))
            .keyAttention()
            .orElseThrow();
    check(new double[] {0.7 - 0.5, 0.15 - 0.2, 0.1 - 0.15}, difference.first());
    check(new double[] {0.1 - 0.2, 0.5 - 0.15, 0.1 - 0.15}, difference.last());
  }

  @Test
  void attentionToAKeyThatACategoryNeverHasIsUndefined() {
    List<Integer> tokens = List.of(2, 4, 4);
    double[] values = {0.5, 0.5, Double.NaN, 0.4, 0.3, 0.2, 0.1, 0.1, 0.1};
    RoleOptions three = RoleOptions.defaults(Entropies.categories(1), 1);
    LayerRoles roles =
        new RoleEstimator(three).estimate(layer(1, tokens, new KeyAttention(1, 3, values, values)));
    List<Double> first = roles.keyAttention().orElseThrow().first();
    assertEquals(0.5 - 0.4, first.getFirst());
    assertTrue(Double.isNaN(first.getLast()));
    assertTrue(
        new RoleEstimator(three)
            .estimate(Entropies.random(random, 0, 1, 3))
            .keyAttention()
            .isEmpty());
  }

  @Test
  void topHeadsTellSelfFromConfounderBest() {
    List<HeadRoles> heads =
        List.of(
            head(0, 1.0, 1.1),
            head(1, 1.0, 0.2),
            head(2, 0.5, 0.7),
            head(3, 1.0, Double.NaN),
            head(4, 0.7, 0.5));
    assertEquals(List.of(1, 2, 4), TopHeads.of(heads, 3).stream().map(HeadRoles::head).toList());
    assertEquals(4, TopHeads.of(heads, 9).size());
    assertEquals(List.of(), TopHeads.of(heads, 0));
  }

  /** A head like Qwen's first layer's, among fifteen sound ones. */
  @Test
  void plantedHeadIsFlaggedAndHardlyMovesTheDefault() {
    int sound = 15;
    double[] nats = random.doubles((long) (sound + 1) * PROMPTS, 0.8, 1.2).toArray();
    int planted = sound * PROMPTS;
    Arrays.fill(nats, planted, planted + EACH, 0.05);
    Arrays.fill(nats, planted + EACH, planted + 2 * EACH, 0.001);
    Arrays.fill(nats, planted + 2 * EACH, nats.length, 0.02);
    List<Integer> queryCounts = random.ints(PROMPTS, 6, 13).boxed().toList();
    RoleEstimator estimator = new RoleEstimator(options);
    LayerRoles without =
        estimator.estimate(Entropies.layer(0, sound, queryCounts, Arrays.copyOf(nats, planted)));
    LayerRoles with = estimator.estimate(Entropies.layer(0, sound + 1, queryCounts, nats));
    assertEquals(sound, with.degenerateHeads().nextSetBit(0));
    assertEquals(1, with.degenerateHeads().cardinality());
    assertTrue(with.unstable());
    assertFalse(without.unstable());
    assertTrue(with.rfc().reference().mean() < without.rfc().reference().mean() - 2);
    for (RoleIndex index : RoleIndex.values()) {
      LayerIndex expected = without.value(index);
      LayerIndex moved = with.value(index);
      assertEquals(expected.ratioOfSums().value(), moved.ratioOfSums().value(), 0.01);
      Interval interval = expected.ratioOfSums().confidence();
      assertEquals(interval.low(), moved.ratioOfSums().confidence().low(), 0.01);
      assertEquals(interval.high(), moved.ratioOfSums().confidence().high(), 0.01);
    }
  }

  private static HeadRoles head(int head, double self, double confounder) {
    HeadIndex index = HeadIndex.of(self, 1, confounder);
    return new HeadRoles(head, index, index, false, new EffectSize(0, 0));
  }

  private static EffectSize effect(double[] nats) {
    return EffectSize.of(
        Arrays.copyOfRange(nats, 0, EACH), Arrays.copyOfRange(nats, EACH, 2 * EACH));
  }

  private static void check(double[] expected, List<Double> actual) {
    Tolerance.DOUBLE.check(
        expected, actual.stream().mapToDouble(Double::doubleValue).toArray(), "keys");
  }

  private static LayerEntropies layer(int heads, List<Integer> tokens, KeyAttention attention) {
    double[] ones = DoubleStream.generate(() -> 1).limit((long) heads * tokens.size()).toArray();
    LayerEntropies plain = Entropies.layer(0, heads, tokens, ones);
    return new LayerEntropies(0, heads, tokens, plain.tables(), Optional.of(attention));
  }
}

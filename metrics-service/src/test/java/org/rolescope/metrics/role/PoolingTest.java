package org.rolescope.metrics.role;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.testing.Tolerance;

/**
 * What a head leaves out, as one that rests wholly on the first key does of entropy without the
 * sink, neither pulls a mean down nor makes it NaN.
 */
final class PoolingTest {
  private static final EntropyKind KIND = EntropyKind.SINK_EXCLUDED;
  private static final double NONE = Double.NaN;
  private static final RolePrompts PROMPTS =
      new RolePrompts(PromptIndices.of(0, 1, 2), PromptIndices.of(3), PromptIndices.of(4));

  /** Two heads on five prompts of which the last is left out by both. */
  private static final LayerEntropies LAYER = layer();

  @Test
  void aHeadIsPooledOverThePromptsItHas() {
    HeadIndex first = Pooling.head(LAYER, KIND, 0, PROMPTS);
    Tolerance.DOUBLE.check((3 * 1.0 + 5 * 0.5) / 8, first.selfNats(), "without the first prompt");
    HeadIndex second = Pooling.head(LAYER, KIND, 1, PROMPTS);
    Tolerance.DOUBLE.check((2 * 0.8 + 3 * 0.6 + 5 * 0.4) / 10, second.selfNats(), "every prompt");
    assertEquals(NONE, first.confounderNats());
    assertEquals(NONE, first.rsi());
    Tolerance.DOUBLE.check(1 - first.selfNats() / 2, first.rfc(), "rfc");
  }

  @Test
  void aLayerSumsTheHeadsThereAre() {
    LayerTotals totals = new LayerTotals(LAYER, KIND);
    Tolerance.DOUBLE.check(
        (2 * 0.8 + 3 * 1.6 + 5 * 0.9) / 10, totals.pooled(PROMPTS.self()), "self");
    assertEquals(10, totals.rows(PROMPTS.self()));
    assertEquals(0, totals.rows(PROMPTS.confounder()));
    assertEquals(NONE, totals.value(RoleIndex.RSI, PROMPTS));
    Tolerance.DOUBLE.check(
        1 - (2 * 0.8 + 3 * 1.6 + 5 * 0.9) / 10 / 4, totals.value(RoleIndex.RFC, PROMPTS), "RFC");
  }

  private static LayerEntropies layer() {
    double[] nats = {NONE, 1.0, 0.5, 2, NONE, 0.8, 0.6, 0.4, 2, NONE};
    double[] exact = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    return new LayerEntropies(
        0,
        2,
        List.of(3, 4, 6, 5, 2),
        Map.of(
            EntropyKind.REFERENCE,
            new EntropyTable(2, 5, exact),
            EntropyKind.EXACT,
            new EntropyTable(2, 5, exact),
            KIND,
            new EntropyTable(2, 5, nats, Optional.of(List.of(2, 3, 5, 4, 0)))));
  }
}

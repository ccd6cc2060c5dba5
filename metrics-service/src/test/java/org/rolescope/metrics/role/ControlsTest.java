package org.rolescope.metrics.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.stats.Interval;
import org.rolescope.metrics.testing.Golden;
import org.rolescope.metrics.testing.Tolerance;

/** Golden values: golden/confounds.json, NumPy 1.26.4 and SciPy 1.14.1. */
final class ControlsTest {
  private static final JsonNode GOLDEN = Golden.read("confounds.json").get("controls");
  private static final int HEADS = GOLDEN.get("heads").asInt();
  private static final List<String> CATEGORIES =
      StreamSupport.stream(GOLDEN.get("categories").spliterator(), false)
          .map(JsonNode::asText)
          .toList();
  private static final List<Integer> TOKENS =
      IntStream.of(Golden.integers(GOLDEN.get("tokens"))).boxed().toList();

  private final RoleOptions options = RoleOptions.defaults(CATEGORIES, 4);

  @ParameterizedTest
  @EnumSource
  void everyKindIsPooledAsByNumPy(EntropyKind kind) {
    LayerTotals totals = new LayerTotals(layer(), kind);
    for (RoleIndex index : RoleIndex.values()) {
      JsonNode golden = golden(kind).get(index.name().toLowerCase(Locale.ROOT));
      Estimate estimate =
          BootstrapInterval.of(
                  index,
                  List.of(prompts -> totals.value(index, prompts)),
                  RolePrompts.of(options),
                  resamples())
              .getFirst();
      Tolerance.DOUBLE.check(golden.get("value").asDouble(), estimate.value(), "value");
      Tolerance.STUDENT_T.check(
          Golden.doubles(golden.get("interval")),
          new double[] {estimate.confidence().low(), estimate.confidence().high()},
          "interval");
    }
  }

  @Test
  void everyKindIsEstimatedFromTheSameResamples() {
    LayerRoles roles = new RoleEstimator(options).estimate(layer());
    assertEquals(
        List.of(EntropyKind.values()),
        roles.controls().stream().map(ControlledIndices::kind).toList());
    for (ControlledIndices control : roles.controls()) {
      LayerRoles alone = new RoleEstimator(options.withEntropy(control.kind())).estimate(layer());
      assertEquals(control.rfc(), alone.rfc().ratioOfSums());
      assertEquals(control.rsi(), alone.rsi().ratioOfSums());
    }
  }

  @Test
  void headMedianRestsOnTheEntropyOfTheOptions() {
    LayerRoles roles =
        new RoleEstimator(options.withEntropy(EntropyKind.SINK_EXCLUDED)).estimate(layer());
    double[] heads =
        IntStream.range(0, HEADS)
            .mapToObj(
                head ->
                    Pooling.head(layer(), EntropyKind.SINK_EXCLUDED, head, RolePrompts.of(options)))
            .mapToDouble(HeadIndex::rfc)
            .sorted()
            .toArray();
    assertEquals(heads[1], roles.rfc().headMedian());
  }

  @Test
  void entropyThatWasNotSentCannotBeTheDefault() {
    LayerEntropies both =
        new LayerEntropies(
            7,
            HEADS,
            TOKENS,
            Map.of(
                EntropyKind.REFERENCE,
                layer().table(EntropyKind.REFERENCE),
                EntropyKind.EXACT,
                layer().table(EntropyKind.EXACT)));
    RoleEstimator estimator = new RoleEstimator(options.withEntropy(EntropyKind.LENGTH_NORMALISED));
    RolescopeException fault =
        assertThrows(RolescopeException.class, () -> estimator.estimate(both));
    assertEquals(FaultCode.INVALID_ARGUMENT, fault.code());
    assertEquals(
        "Layer 7 has no length-normalised entropy, on which the default estimator is to rest; measure that kind too, or name another",
        fault.getMessage());
  }

  /** Each kind may leave out every position of all prompts of a category. */
  @ParameterizedTest
  @EnumSource
  void categoryWithoutAnyValueIsUndefinedAndNeverZero(EntropyKind kind) {
    for (String category : List.of("self_referent", "neutral")) {
      Map<EntropyKind, EntropyTable> tables = new EnumMap<>(layer().tables());
      tables.put(kind, without(category, layer().table(kind)));
      LayerRoles roles =
          new RoleEstimator(options.withEntropy(kind))
              .estimate(new LayerEntropies(0, HEADS, TOKENS, tables));
      for (RoleIndex index : RoleIndex.values()) {
        assertTrue(Double.isNaN(roles.value(index).ratioOfSums().value()), category);
        assertEquals(Interval.UNDEFINED, roles.value(index).ratioOfSums().confidence());
        assertTrue(Double.isNaN(roles.value(index).headMedian()), category);
      }
      if (kind == EntropyKind.REFERENCE) {
        assertTrue(Double.isNaN(roles.rfc().reference().mean()));
        assertTrue(Double.isNaN(roles.rfc().referencePromptIndex().value()));
      }
      if (kind == EntropyKind.EXACT) {
        assertTrue(Double.isNaN(roles.heads().getFirst().exact().rfc()));
        assertTrue(Double.isNaN(roles.selfAgainstNeutral().cohensD()));
        assertTrue(Double.isNaN(roles.heads().getFirst().selfAgainstNeutral().hedgesG()));
      }
    }
  }

  /** With few prompts the percentiles lie further out, and with many where they are expected. */
  @Test
  void percentilesAreExpandedForFewPrompts() {
    assertEquals(0.025, BootstrapInterval.tail(100_000), 1e-5);
    assertEquals(0.0159, BootstrapInterval.tail(20), 1e-4);
    assertTrue(BootstrapInterval.tail(2) < 1e-20 && BootstrapInterval.tail(2) > 0);
    assertTrue(Double.isNaN(BootstrapInterval.tail(1)));
  }

  @Test
  void oneConfounderPromptLeavesRfcItsInterval() {
    List<String> categories = new ArrayList<>(CATEGORIES);
    Collections.replaceAll(categories, "confounder", "third_person");
    categories.set(categories.size() - 1, "confounder");
    LayerRoles roles = new RoleEstimator(RoleOptions.defaults(categories, 1)).estimate(layer());
    assertTrue(Double.isFinite(roles.rfc().ratioOfSums().confidence().low()));
    assertTrue(Double.isFinite(roles.rsi().ratioOfSums().value()));
    assertEquals(Interval.UNDEFINED, roles.rsi().ratioOfSums().confidence());
  }

  private static EntropyTable without(String category, EntropyTable table) {
    List<Integer> counts =
        IntStream.range(0, TOKENS.size())
            .mapToObj(prompt -> CATEGORIES.get(prompt).equals(category) ? 0 : TOKENS.get(prompt))
            .toList();
    double[] nats = table.toArray();
    for (int cell = 0; cell < nats.length; cell++) {
      boolean leftOut = counts.get(cell % TOKENS.size()) == 0;
      nats[cell] = leftOut ? Double.NaN : Double.isNaN(nats[cell]) ? 1 : nats[cell];
    }
    return new EntropyTable(HEADS, TOKENS.size(), nats, Optional.of(counts));
  }

  private static LayerEntropies layer() {
    Map<EntropyKind, EntropyTable> tables = new EnumMap<>(EntropyKind.class);
    for (EntropyKind kind : EntropyKind.values()) {
      List<Integer> counts =
          IntStream.of(Golden.integers(golden(kind).get("counts"))).boxed().toList();
      double[] nats =
          StreamSupport.stream(golden(kind).get("nats").spliterator(), false)
              .mapToDouble(value -> value.isNull() ? Double.NaN : value.asDouble())
              .toArray();
      tables.put(kind, new EntropyTable(HEADS, TOKENS.size(), nats, Optional.of(counts)));
    }
    return new LayerEntropies(0, HEADS, TOKENS, tables);
  }

  private static JsonNode golden(EntropyKind kind) {
    return GOLDEN.get("kinds").get(kind.name().toLowerCase(Locale.ROOT));
  }

  private static List<RolePrompts> resamples() {
    return StreamSupport.stream(GOLDEN.get("resamples").spliterator(), false)
        .map(
            drawn ->
                new RolePrompts(
                    PromptIndices.of(Golden.integers(drawn.get("self"))),
                    PromptIndices.of(Golden.integers(drawn.get("neutral"))),
                    PromptIndices.of(Golden.integers(drawn.get("confounder")))))
        .toList();
  }
}

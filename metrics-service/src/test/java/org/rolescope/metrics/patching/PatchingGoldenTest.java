package org.rolescope.metrics.patching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rolescope.metrics.role.RoleGolden;
import org.rolescope.metrics.stats.Estimate;
import org.rolescope.metrics.testing.Golden;
import org.rolescope.metrics.testing.Tolerance;

/** Golden values: golden/patching.json, NumPy 1.26.4 and SciPy 1.14.1. */
final class PatchingGoldenTest {
  @Test
  void divergencesAreThoseOfSciPy() {
    for (JsonNode pair : PatchingGolden.ROOT.get("logits")) {
      float[] clean = Golden.floats(pair.get("clean"));
      float[] other = Golden.floats(pair.get("other"));
      Tolerance.DOUBLE.check(
          Golden.doubles(pair.get("log_softmax")), LogSoftmax.of(clean), "log-softmax");
      Tolerance.DOUBLE.check(
          pair.get("kl_nats").asDouble(), KullbackLeibler.nats(clean, other), "divergence");
    }
  }

  @Test
  void recoveriesAndTheirIntervalsAreThoseOfNumPy() {
    PatchingEndpoints runs = PatchingGolden.runs();
    List<PatchedHeads> candidates = PatchingGolden.candidates();
    for (int index = 0; index < candidates.size(); index++) {
      JsonNode expected = PatchingGolden.expected().get(index);
      List<Double> patched = candidates.get(index).denoised();
      Estimate recovery = runs.estimate(patched, PatchingGolden.resamples());
      check(expected.get("recovery"), expected.get("interval"), recovery, "recovery " + index);
      List<Double> byPrompt = runs.byPrompt(patched);
      for (int prompt = 0; prompt < runs.promptCount(); prompt++) {
        JsonNode each = expected.get("by_prompt").get(prompt);
        if (each.isNull()) {
          assertTrue(byPrompt.get(prompt).isNaN());
        } else {
          Tolerance.DOUBLE.check(each.asDouble(), byPrompt.get(prompt), "prompt " + prompt);
        }
      }
      assertTrue(byPrompt.get(3).isNaN());
    }
  }

  @Test
  void chanceIsThatOfNumPyAndSciPy() {
    List<PatchingScore> scores =
        new PatchingAnalysis(
                PatchingOptions.defaults(1),
                PatchingGolden.runs(),
                Optional.of(PatchingGolden.runs()))
            .score(PatchingGolden.candidates(), PatchingGolden.randomHeads());
    for (int index = 0; index < scores.size(); index++) {
      JsonNode expected = PatchingGolden.expected().get(index);
      DirectionScore score = scores.get(index).denoising();
      assertEquals(score, scores.get(index).noising().orElseThrow());
      assertEquals(30, score.chance().count());
      assertEquals(11, score.definedCount());
      Tolerance.DOUBLE.check(
          expected.get("p_value").asDouble(), score.chance().rankPValue(), "p " + index);
      Tolerance.DOUBLE.check(
          expected.get("q_value").asDouble(), score.chance().rankQValue(), "q " + index);
      Tolerance.DOUBLE.check(
          expected.get("null_quantile").asDouble(), score.chance().quantile(), "level " + index);
    }
  }

  @Test
  void excessOverRandomHeadsIsThatOfNumPy() {
    PatchingEndpoints runs = PatchingGolden.runs();
    for (int index = 0; index < PatchingGolden.candidates().size(); index++) {
      PatchedHeads candidate = PatchingGolden.candidates().get(index);
      RandomSets random =
          new RandomSets(
              runs,
              PatchingGolden.randomHeads().stream()
                  .filter(set -> set.heads().size() == candidate.heads().size())
                  .map(PatchedHeads::denoised)
                  .toList(),
              PatchingGolden.resamples());
      Tolerance.DOUBLE.check(
          PatchingGolden.expected().get(index).get("excess_p_value").asDouble(),
          random.excessPValue(runs.resampled(candidate.denoised(), PatchingGolden.resamples())),
          "excess " + index);
    }
  }

  @Test
  void effectsOnLaterLayersAreThoseOfNumPy() {
    InterventionEffects effects =
        new InterventionEffects(RoleGolden.options(), RoleGolden.resamples());
    for (int layer = 0; layer < PatchingGolden.ROOT.get("intervention").size(); layer++) {
      JsonNode expected = PatchingGolden.ROOT.get("intervention").get(layer);
      LayerEffects actual =
          effects.of(RoleGolden.layer(layer, "base"), RoleGolden.layer(layer, "instruct"));
      assertEquals(layer, actual.layer());
      check(expected.get("self_nats"), actual.selfNats(), "self");
      check(expected.get("neutral_nats"), actual.neutralNats(), "neutral");
      check(expected.get("confounder_nats"), actual.confounderNats(), "confounder");
      check(expected.get("rfc"), actual.rfc(), "RFC");
      check(expected.get("rsi"), actual.rsi(), "RSI");
    }
  }

  private static void check(JsonNode expected, Estimate actual, String what) {
    check(expected.get("value"), expected.get("interval"), actual, what);
  }

  private static void check(JsonNode value, JsonNode interval, Estimate actual, String what) {
    Tolerance.DOUBLE.check(value.asDouble(), actual.value(), what);
    Tolerance.STUDENT_T.check(interval.get(0).asDouble(), actual.confidence().low(), what);
    Tolerance.STUDENT_T.check(interval.get(1).asDouble(), actual.confidence().high(), what);
  }
}

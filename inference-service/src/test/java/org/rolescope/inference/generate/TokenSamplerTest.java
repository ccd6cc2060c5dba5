package org.rolescope.inference.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

final class TokenSamplerTest {
  private static final int DRAWS = 20_000;

  /** Probabilities 0.1, 0.4, 0.2, 0.3, and one that is next to nothing. */
  private static final float[] LOGITS = {
    (float) Math.log(0.1), (float) Math.log(0.4), (float) Math.log(0.2), (float) Math.log(0.3), -80
  };

  @Test
  void greedyTakesTheFirstOfEquals() {
    assertThat(sampler(0, 0).pick(new float[] {-3, 2, 2, -1})).isEqualTo(1);
  }

  @Test
  void drawsHaveTheProbabilitiesOfSoftmax() {
    assertShares(sampler(1, 0), 0.1, 0.4, 0.2, 0.3, 0);
    assertShares(sampler(1, 1), 0.1, 0.4, 0.2, 0.3, 0);
  }

  @Test
  void temperatureDividesLogits() {
    double sum = 0.01 + 0.16 + 0.04 + 0.09;
    assertShares(sampler(0.5, 0), 0.01 / sum, 0.16 / sum, 0.04 / sum, 0.09 / sum, 0);
  }

  @Test
  void topPLeavesTheFewestTokensThatReachIt() {
    assertShares(sampler(1, 0.6), 0, 4 / 7.0, 0, 3 / 7.0, 0);
    assertShares(sampler(1, 0.75), 0, 4 / 9.0, 2 / 9.0, 3 / 9.0, 0);
    assertShares(sampler(1, 0.35), 0, 1, 0, 0, 0);
  }

  @Test
  void logProbabilitiesAreThoseOfSoftmax() {
    assertThat(TokenSampler.logProbability(LOGITS, 1)).isEqualTo(Math.log(0.4), within(1e-7));
    assertThat(TokenSampler.logProbability(new float[] {1000, 1000}, 0))
        .isEqualTo(-Math.log(2), within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, tokens are asked for",
    "1, -1, 0, temperature",
    "1, NaN, 0, temperature",
    "1, Infinity, 0, temperature",
    "1, 1, 1.5, top_p",
    "1, 1, -0.1, top_p",
    "1, 1, NaN, top_p"
  })
  void settingsOutOfRangeAreNamed(int tokens, double temperature, double topP, String named) {
    assertThatThrownBy(() -> new GenerationSettings(tokens, temperature, topP, 0, List.of(), false))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.INVALID_ARGUMENT))
        .hasMessageContaining(named);
  }

  private static TokenSampler sampler(double temperature, double topP) {
    return new TokenSampler(new GenerationSettings(1, temperature, topP, 7, List.of(), false));
  }

  private static void assertShares(TokenSampler sampler, double... expected) {
    int[] counts = new int[expected.length];
    for (int draw = 0; draw < DRAWS; draw++) {
      counts[sampler.pick(LOGITS)]++;
    }
    for (int id = 0; id < expected.length; id++) {
      assertThat(counts[id] / (double) DRAWS)
          .as("token %d", id)
          .isEqualTo(expected[id], within(0.015));
    }
  }
}

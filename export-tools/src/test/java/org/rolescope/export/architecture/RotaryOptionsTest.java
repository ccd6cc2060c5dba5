package org.rolescope.export.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.RotaryEmbedding;

/**
 * Heads of 8 with theta 10⁴, so that the frequencies without scaling are 1, 0.1, 0.01 and 0.001;
 * expected values are worked out by hand from the formulas in the Javadoc.
 */
class RotaryOptionsTest {
  private static final double EXACT = 1e-15;

  @TempDir Path folder;

  @Test
  void withoutScaling() throws IOException {
    RotaryOptions options = read("");
    assertFrequencies(List.of(1.0, 0.1, 0.01, 0.001), options.embedding());
    assertEquals(1, options.embedding().attentionScaling());
    assertEquals(1000, options.contextLength());
  }

  @Test
  void linearDividesEveryFrequency() throws IOException {
    RotaryOptions options = read(scaling("\"rope_type\": \"linear\", \"factor\": 4.0"));
    assertFrequencies(List.of(0.25, 0.025, 0.0025, 0.00025), options.embedding());
    assertEquals(4000, options.contextLength());
  }

  @Test
  void dynamicIsLeftToTheRunner() throws IOException {
    RotaryOptions options = read(scaling("\"type\": \"dynamic\", \"factor\": 2.0"));
    assertFrequencies(List.of(1.0, 0.1, 0.01, 0.001), options.embedding());
    assertEquals(
        new RotaryEmbedding.DynamicScaling(10_000, 2, 1000), options.embedding().dynamic());
    assertEquals(2000, options.contextLength());
    // Twice the original context: base 10⁴ · (2 · 2 − 1)^(8/6).
    double base = 10_000 * Math.pow(3, 8 / 6.0);
    double second = options.embedding().inverseFrequencies(2000).get(1);
    assertEquals(Math.pow(base, -0.25), second, EXACT);
  }

  @Test
  void llama3KeepsHighBlendsMiddleAndDividesLow() throws IOException {
    // Wavelengths 6.28, 62.8, 628 and 6283; high below 1000 / 4, low above 1000 / 1.
    RotaryOptions options =
        read(
            scaling(
                """
                "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                "high_freq_factor": 4.0, "original_max_position_embeddings": 1000"""));
    double high = (1000 / (2 * Math.PI / 0.01) - 1) / 3;
    double third = 0.01 * ((1 - high) / 8 + high);
    assertFrequencies(List.of(1.0, 0.1, third, 0.000125), options.embedding());
    assertEquals(0.197_183_0, high, 1e-6);
    assertEquals(1000, options.contextLength());
  }

  @Test
  void yarnBlendsAlongARamp() throws IOException {
    // Pairs that turn 32 times and once in 1000 tokens: 0.697 and 2.202, rounded to 0 and 3.
    RotaryOptions options = read(scaling("\"rope_type\": \"yarn\", \"factor\": 4.0"));
    double second = 0.1 * (2 / 3.0 + 1 / 3.0 / 4);
    double third = 0.01 * (1 / 3.0 + 2 / 3.0 / 4);
    assertFrequencies(List.of(1.0, second, third, 0.00025), options.embedding());
    assertEquals(0.1 * Math.log(4) + 1, options.embedding().attentionScaling(), EXACT);
    assertEquals(4000, options.contextLength());
  }

  @Test
  void yarnRampNeedNotBeRounded() throws IOException {
    RotaryOptions options =
        read(scaling("\"rope_type\": \"yarn\", \"factor\": 4.0, \"truncate\": false"));
    double first = 8 * Math.log(1000 / (64 * Math.PI)) / (2 * Math.log(10_000));
    double last = 8 * Math.log(1000 / (2 * Math.PI)) / (2 * Math.log(10_000));
    double slow = (1 - first) / (last - first);
    double second = options.embedding().inverseFrequencies().get(1);
    assertEquals(0.1 * (1 - slow + slow / 4), second, EXACT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"attention_factor\": 1.5' | 1.5",
        "'\"mscale\": 0.5' | 1.138629436",
        "'\"mscale\": 0.5, \"mscale_all_dim\": 0' | 1.138629436",
        "'\"mscale\": 0.5, \"mscale_all_dim\": 1.0' | 0.939124",
        "'\"mscale\": 1.0, \"mscale_all_dim\": 1.0' | 1"
      })
  void yarnAttentionFactor(String more, double expected) throws IOException {
    RotaryOptions options = read(scaling("\"rope_type\": \"yarn\", \"factor\": 4.0, " + more));
    assertEquals(expected, options.embedding().attentionScaling(), 1e-6);
  }

  @Test
  void newerSpellingIsTheSame() throws IOException {
    String older = ", \"rope_theta\": 500.0" + scaling("\"type\": \"yarn\", \"factor\": 4.0");
    String newer =
        """
        , "rope_parameters": {"rope_theta": 500.0, "rope_type": "yarn", "factor": 4.0}""";
    assertEquals(read(older), read(newer));
  }

  @Test
  void contextIsNeverShorterThanTheConfigurationSays() throws IOException {
    assertEquals(
        1000,
        read(scaling(
                """
                    "rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 100"""))
            .contextLength());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"rope_type\": \"longrope\"",
        "\"factor\": 4.0",
        "\"rope_type\": \"linear\"",
        "\"rope_type\": \"linear\", \"factor\": 0.5",
        "\"rope_type\": \"linear\", \"factor\": \"4\"",
        "\"rope_type\": \"yarn\", \"factor\": 4.0, \"beta_fast\": -1",
        "\"rope_type\": \"yarn\", \"factor\": 4.0, \"attention_factor\": 0",
        "\"rope_type\": \"llama3\", \"factor\": 8.0"
      })
  void badScalingIsRejected(String fields) {
    RolescopeException fault = assertThrows(RolescopeException.class, () -> read(scaling(fields)));
    assertTrue(fault.getMessage().contains("rope_scaling."), fault.getMessage());
  }

  private static String scaling(String fields) {
    return ", \"rope_scaling\": {" + fields + "}";
  }

  private RotaryOptions read(String more) throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, "{\"max_position_embeddings\": 1000" + more + "}");
    return RotaryOptions.read(Configuration.read(file), 8);
  }

  private static void assertFrequencies(List<Double> expected, RotaryEmbedding actual) {
    assertEquals(expected.size(), actual.inverseFrequencies().size());
    for (int pair = 0; pair < expected.size(); pair++) {
      assertEquals(expected.get(pair), actual.inverseFrequencies().get(pair), EXACT);
    }
  }
}

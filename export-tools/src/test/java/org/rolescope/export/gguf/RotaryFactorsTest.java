package org.rolescope.export.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rolescope.export.testing.GgufFiles;

/** Factors as llama.cpp's converter computes them ({@code reference/gguf/make_golden.py}). */
class RotaryFactorsTest {
  @Test
  void settingsOfLlama3AreFound() throws IOException {
    JsonNode golden = new ObjectMapper().readTree(GgufFiles.golden("rotary.json").toFile());
    assertEquals(2, golden.size());
    for (JsonNode each : golden) {
      ObjectNode found =
          new RotaryFactors(each.path("theta").asDouble(), factors(each))
              .scaling(8_192)
              .orElseThrow();
      assertEquals("llama3", found.path("rope_type").asText());
      assertEquals(each.path("factor").asDouble(), found.path("factor").asDouble());
      assertEquals(1, found.path("low_freq_factor").asDouble());
      assertEquals(4, found.path("high_freq_factor").asDouble());
      assertEquals(8_192, found.path("original_max_position_embeddings").asInt());
      assertEquals(
          found,
          new RotaryFactors(each.path("theta").asDouble(), factors(each))
              .scaling(4_096)
              .orElseThrow());
    }
  }

  @Test
  void otherFactorsAreNotGuessed() throws IOException {
    JsonNode golden = new ObjectMapper().readTree(GgufFiles.golden("rotary.json").toFile()).get(0);
    List<Float> factors = factors(golden);
    factors.set(30, factors.get(30) * 1.001f);
    assertTrue(new RotaryFactors(500_000, factors).scaling(8_192).isEmpty());
    assertTrue(
        new RotaryFactors(500_000, Collections.nCopies(64, Float.NaN)).scaling(8_192).isEmpty());
  }

  @Test
  void onesChangeNothing() {
    assertTrue(new RotaryFactors(10_000, Collections.nCopies(64, 1f)).changeNothing());
  }

  private static List<Float> factors(JsonNode golden) {
    List<Float> factors = new ArrayList<>();
    golden.path("factors").forEach(factor -> factors.add(factor.floatValue()));
    return factors;
  }
}

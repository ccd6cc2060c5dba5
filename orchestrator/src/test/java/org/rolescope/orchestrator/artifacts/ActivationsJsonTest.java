package org.rolescope.orchestrator.artifacts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.rolescope.orchestrator.json.Json;
import org.rolescope.orchestrator.plan.PromptCategory;
import org.rolescope.orchestrator.plan.PromptSet;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.EntropyTable;
import org.rolescope.v1.KeyAttention;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.Model;
import org.rolescope.v1.TokenizedPrompt;

/** Two prompts of 2 and 1 tokens, two heads. */
final class ActivationsJsonTest {
  @Test
  void everyTableIsWrittenAndNothingElse() throws IOException {
    JsonNode layer =
        written(
            layer()
                .addTables(
                    table(EntropyKind.ENTROPY_KIND_LENGTH_NORMALISED, 0.5, Double.NaN, 1, 0.25)
                        .addAllQueryCounts(List.of(1, 0)))
                .addTables(table(EntropyKind.ENTROPY_KIND_SINK_EXCLUDED, 5, 6, 7, 8)));
    assertEquals("[[0.1,0.2],[0.3,0.4]]", layer.get("entropy_reference_nats").toString());
    assertEquals("[[1.0,2.0],[3.0,4.0]]", layer.get("entropy_exact_nats").toString());
    assertEquals("[[0.5,null],[1.0,0.25]]", layer.get("entropy_length_normalised").toString());
    assertEquals("[1,0]", layer.get("query_counts_length_normalised").toString());
    assertEquals("[[5.0,6.0],[7.0,8.0]]", layer.get("entropy_sink_excluded_nats").toString());
    assertEquals("[2,1]", layer.get("query_counts").toString());
    assertFalse(layer.has("query_counts_sink_excluded"));
    assertFalse(layer.has("entropy_norm_weighted_nats"));
    assertFalse(layer.has("key_attention_first"));
  }

  @Test
  void attentionByPositionIsNestedByHeadPromptAndKey() throws IOException {
    List<Double> first = DoubleStream.iterate(0, value -> value + 1).limit(12).boxed().toList();
    List<Double> last = first.stream().map(value -> value == 4 ? Double.NaN : -value).toList();
    JsonNode layer =
        written(
            layer().setKeyAttention(KeyAttention.newBuilder().addAllFirst(first).addAllLast(last)));
    assertEquals(
        "[[[0.0,1.0,2.0],[3.0,4.0,5.0]],[[6.0,7.0,8.0],[9.0,10.0,11.0]]]",
        layer.get("key_attention_first").toString());
    assertEquals(-11, layer.at("/key_attention_last/1/1/2").doubleValue());
    assertTrue(layer.at("/key_attention_last/0/1/1").isNull());
  }

  private static JsonNode written(LayerEntropies.Builder layer) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ActivationsJson.write(
        out,
        Model.getDefaultInstance(),
        new PromptSet("two", List.of(new PromptCategory("self_referent", List.of("a b", "a")))),
        CaptureStarted.newBuilder()
            .addPrompts(TokenizedPrompt.newBuilder().addTokenIds(1).addTokenIds(2))
            .addPrompts(TokenizedPrompt.newBuilder().addTokenIds(1))
            .build(),
        List.of(layer.build()).iterator());
    return Json.read(out.toByteArray()).at("/layers/0");
  }

  private static LayerEntropies.Builder layer() {
    return LayerEntropies.newBuilder()
        .setHeadCount(2)
        .addAllQueryCounts(List.of(2, 1))
        .addTables(table(EntropyKind.ENTROPY_KIND_REFERENCE, 0.1, 0.2, 0.3, 0.4))
        .addTables(table(EntropyKind.ENTROPY_KIND_EXACT, 1, 2, 3, 4));
  }

  private static EntropyTable.Builder table(EntropyKind kind, double... nats) {
    return EntropyTable.newBuilder()
        .setKind(kind)
        .addAllNats(DoubleStream.of(nats).boxed().toList());
  }
}

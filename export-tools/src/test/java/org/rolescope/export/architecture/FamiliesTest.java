package org.rolescope.export.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.fault.RolescopeException;

/** What the families do not share, and what their absent settings mean. */
class FamiliesTest {
  private static final String SLIDING = ", \"use_sliding_window\": true";

  @TempDir Path folder;

  @Test
  void mistralSlidesWhereNothingIsSaidAndNotWhereNull() throws IOException {
    Decoder first = read("mistral", "");
    assertEquals(4096, first.slidingWindow());
    assertEquals(List.of(0, 1, 2), sliding(first));
    assertEquals(8, first.dimensions().keyValueHeadCount());
    Decoder third = read("mistral", ", \"sliding_window\": null, \"num_key_value_heads\": null");
    assertEquals(0, third.slidingWindow());
    assertEquals(List.of(), sliding(third));
    assertEquals(32, third.dimensions().keyValueHeadCount());
  }

  @Test
  void qwenSlidesOnlyWhereItIsTold() throws IOException {
    assertEquals(List.of(), sliding(read("qwen2", ", \"sliding_window\": 7")));
    assertEquals(List.of(), sliding(read("qwen2", SLIDING)));
    assertEquals(List.of(), sliding(read("qwen2", SLIDING + ", \"max_window_layers\": 3")));
    Decoder some = read("qwen2", SLIDING + ", \"max_window_layers\": 1, \"sliding_window\": 7");
    assertEquals(List.of(1, 2), sliding(some));
    assertEquals(7, some.slidingWindow());
    assertEquals(List.of(0, 1, 2), sliding(read("qwen3", SLIDING + ", \"max_window_layers\": 0")));
    assertEquals(
        List.of(1),
        sliding(
            read(
                "qwen3",
                SLIDING
                    + ", \"max_window_layers\": 0, \"layer_types\": [\"full_attention\","
                    + " \"sliding_attention\", \"full_attention\"]")));
  }

  @Test
  void biasesOfQwen2AreNotInTheOutput() throws IOException {
    List<String> names = names(read("qwen2", "").blocks().get(1));
    assertTrue(names.contains("model.layers.1.self_attn.v_proj.bias"));
    assertFalse(names.contains("model.layers.1.self_attn.o_proj.bias"));
    assertEquals(12, names.size());
  }

  @Test
  void qwen3NormsItsHeads() throws IOException {
    Decoder model = read("qwen3", "");
    assertEquals(128, model.dimensions().headSize());
    List<String> names = names(model.blocks().get(0));
    assertTrue(names.contains("model.layers.0.self_attn.k_norm.weight"));
    assertEquals(11, names.size());
  }

  @Test
  void gpt2CountsAsItsAuthorsDo() throws IOException {
    Decoder model = gpt2("\"n_embd\": 768, \"n_head\": 12, \"n_layer\": 12, \"n_positions\": 1024");
    assertEquals(124_439_808, model.dimensions().parameterCount());
    assertEquals(3072, model.dimensions().intermediateSize());
    assertEquals(model.embedding(), model.unembedding());
    assertTrue(model.rotary().isEmpty());
    assertEquals(1 / 8.0, model.blocks().get(5).attention().scoreScale());
  }

  @ParameterizedTest
  @CsvSource({
    "true, false, 0.25, 0.25",
    "true, true, 0.25, 0.125",
    "false, true, 1, 0.5",
    "false, false, 1, 1"
  })
  void gpt2ScalesScoresAsItIsTold(boolean byHead, boolean byLayer, double first, double second)
      throws IOException {
    Decoder model =
        gpt2(
            """
            "n_embd": 32, "n_head": 2, "n_layer": 2, "n_positions": 8,
            "scale_attn_weights": %s, "scale_attn_by_inverse_layer_idx": %s"""
                .formatted(byHead, byLayer));
    assertEquals(first, model.blocks().getFirst().attention().scoreScale());
    assertEquals(second, model.blocks().getLast().attention().scoreScale());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "qwen2|, 'layer_types': ['full_attention']|layer_types lists 1 blocks",
        "qwen2|, 'layer_types': ['full_attention','x','full_attention']|only \"full_attention\"",
        "qwen2|, 'layer_types': ['sliding_attention','full_attention','full_attention']|says there",
        "qwen2|, 'layer_types': 'all'|a list of texts",
        "qwen2|, 'use_sliding_window': 1|true or false",
        "qwen2|, 'use_sliding_window': true, 'sliding_window': 0|sliding_window is 0",
        "qwen2|, 'use_sliding_window': true, 'max_window_layers': -1|max_window_layers is -1",
        "qwen3|, 'num_key_value_heads': 5|5, which does not divide the 32 heads",
        "qwen3|, 'head_dim': 7|head_dim is 7",
        "mistral|, 'sliding_window': -5|sliding_window is -5",
        "mistral|, 'sliding_window': '5'|sliding_window is \"5\"",
        "mistral|, 'hidden_act': 'relu'|hidden_act = \"relu\"",
        "mistral|, 'rope_scaling': {}, 'rope_parameters': {'rope_theta': 1e4}|are both there"
      })
  void contradictionsAreRejected(String family, String more, String expected) {
    assertFault(expected, () -> read(family, more.replace('\'', '"')));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'n_embd': 30, 'n_head': 4, 'n_layer': 1, 'n_positions': 8|30, which 4 heads do not",
        "'n_embd': 12, 'n_head': 4, 'n_layer': 1, 'n_positions': 8|into an even size",
        "'n_embd': 16, 'n_head': 0, 'n_layer': 1, 'n_positions': 8|n_head is 0",
        "'n_embd': 16, 'n_head': 4, 'n_layer': 1|n_positions is missing",
        "'n_embd': 16, 'n_head': 4, 'n_layer': 1, 'n_positions': 8, 'activation_function': 'relu'"
            + "|activation_function = \"relu\"",
        "'n_embd': 16, 'n_head': 4, 'n_layer': 1, 'n_positions': 8, 'add_cross_attention': true"
            + "|add_cross_attention = true",
        "'n_embd': 16, 'n_head': 4, 'n_layer': 1, 'n_positions': 8, 'layer_norm_epsilon': -1"
            + "|layer_norm_epsilon is -1"
      })
  void badGpt2IsRejected(String fields, String expected) {
    assertFault(expected, () -> gpt2(fields.replace('\'', '"')));
  }

  private static void assertFault(String expected, Executable read) {
    String message = assertThrows(RolescopeException.class, read).getMessage();
    assertTrue(message.contains(expected), message);
  }

  private static List<Integer> sliding(Decoder model) {
    return IntStream.range(0, model.blocks().size())
        .filter(block -> model.blocks().get(block).attention().sliding())
        .boxed()
        .toList();
  }

  private static List<String> names(Block block) {
    return block.tensors().stream().map(TensorRequirement::name).toList();
  }

  private Decoder gpt2(String fields) throws IOException {
    return decoder("\"model_type\": \"gpt2\", \"vocab_size\": 50257, " + fields);
  }

  private Decoder read(String family, String more) throws IOException {
    return decoder(
        """
        "model_type": "%s", "hidden_size": 256, "intermediate_size": 512, "vocab_size": 100,
        "num_hidden_layers": 3, "num_attention_heads": 32, "max_position_embeddings": 64,
        "rms_norm_eps": 1e-6%s"""
            .formatted(family, more));
  }

  private Decoder decoder(String fields) throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, "{" + fields + "}");
    return Architecture.decoder(Configuration.read(file));
  }
}

package org.rolescope.export.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.ModelDimensions;

class LlamaTest {
  /** Sizes of meta-llama/Llama-3.1-8B without what newer files add. */
  private static final String OLD_STYLE =
      """
      "architectures": ["LlamaForCausalLM"], "hidden_size": 4096, "intermediate_size": 14336,
      "num_hidden_layers": 32, "num_attention_heads": 32, "vocab_size": 128256,
      "max_position_embeddings": 8192, "rms_norm_eps": 1e-5""";

  @TempDir Path folder;

  @Test
  void absentSettingsMeanWhatTheyMeanToTransformers() throws IOException {
    Decoder model = read(OLD_STYLE);
    ModelDimensions dimensions = model.dimensions();
    assertEquals(128, dimensions.headSize());
    assertEquals(32, dimensions.keyValueHeadCount());
    assertEquals("lm_head.weight", model.unembedding().name());
    assertEquals(
        StrictMath.pow(10_000, -2.0 / 128),
        model.rotary().orElseThrow().inverseFrequencies().get(1));
    assertEquals(1, model.rotary().orElseThrow().attentionScaling());
  }

  @Test
  void parametersAreCountedOnceWhereTied() throws IOException {
    String grouped = OLD_STYLE + ", \"num_key_value_heads\": 8";
    assertEquals(8_030_261_248L, read(grouped).dimensions().parameterCount());
    long tied = read(grouped + ", \"tie_word_embeddings\": true").dimensions().parameterCount();
    assertEquals(8_030_261_248L - 128_256L * 4096, tied);
  }

  @Test
  void headSizeMayStandApartFromTheWidth() throws IOException {
    Decoder model = read(OLD_STYLE + ", \"head_dim\": 64, \"num_key_value_heads\": 4");
    Attention attention = model.blocks().get(31).attention();
    if (attention.inputs() instanceof Attention.Separate(var query, var key, var value)) {
      assertEquals(List.of(2048L, 4096L), query.weight().shape());
      assertEquals(List.of(256L, 4096L), key.weight().shape());
      assertEquals("model.layers.31.self_attn.q_proj.weight", query.weight().name());
    } else {
      fail("Llama has separate projections");
    }
    assertEquals(List.of(4096L, 2048L), attention.output().weight().shape());
  }

  @Test
  void newSpellingOfRotaryParametersIsRead() throws IOException {
    Decoder model =
        read(
            OLD_STYLE
                + ", \"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 500000.0}");
    assertEquals(
        StrictMath.pow(500_000, -2.0 / 128),
        model.rotary().orElseThrow().inverseFrequencies().get(1));
  }

  @Test
  void rotaryParametersWithoutThetaAreRejected() {
    assertThrows(
        RolescopeException.class,
        () -> read(OLD_STYLE + ", \"rope_parameters\": {\"full_attention\": {}}"));
  }

  private Decoder read(String fields) throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, "{" + fields + "}");
    return Architecture.decoder(Configuration.read(file));
  }
}

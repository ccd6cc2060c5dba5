package org.rolescope.export.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.export.ExportRequest;
import org.rolescope.export.ExportedBundle;
import org.rolescope.export.Exporter;
import org.rolescope.export.safetensors.SafetensorsFile;
import org.rolescope.export.testing.DemoModels;
import org.rolescope.export.testing.FileTree;
import org.rolescope.export.testing.GgufBytes;
import org.rolescope.export.testing.GgufFiles;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

class GgufCheckpointTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"F32", "BF16"})
  void losslessFilesGiveTheNumbersOfTheCheckpoint(String type) throws IOException {
    GgufCheckpoint made = make(GgufFiles.demo(type));
    assertTrue(made.written());
    assertEquals(List.of(), made.quantisation());
    SafetensorsFile expected =
        SafetensorsFile.read(DemoModels.snapshot("base").resolve("model.safetensors"));
    SafetensorsFile actual = SafetensorsFile.read(made.folder().resolve("model.safetensors"));
    assertEquals(expected.tensors().keySet(), actual.tensors().keySet());
    for (String name : expected.tensors().keySet()) {
      assertEquals(type, actual.tensor(name).orElseThrow().type().name());
      assertArrayEquals(
          GgufFiles.numbers(expected, name), GgufFiles.numbers(actual, name), 0, name);
    }
  }

  @Test
  void theConfigurationIsThatOfTheCheckpoint() throws IOException {
    GgufCheckpoint made = make(Files.readAllBytes(GgufFiles.golden("demo-q8.gguf")));
    JsonNode actual = JSON.readTree(made.folder().resolve("config.json").toFile());
    JsonNode expected = JSON.readTree(DemoModels.snapshot("base").resolve("config.json").toFile());
    for (String field :
        List.of(
            "architectures",
            "model_type",
            "vocab_size",
            "hidden_size",
            "intermediate_size",
            "num_hidden_layers",
            "num_attention_heads",
            "num_key_value_heads",
            "head_dim",
            "hidden_act",
            "max_position_embeddings",
            "rms_norm_eps",
            "rope_theta",
            "attention_bias",
            "mlp_bias",
            "tie_word_embeddings")) {
      assertEquals(expected.get(field), actual.get(field), field);
    }
    assertEquals("[\"Q8_0\"]", actual.get("rolescope_quantisation").toString());
    assertFalse(actual.has("rope_scaling"));
  }

  @Test
  void theExportedModelSaysThatItWasQuantised() throws IOException {
    GgufCheckpoint made = make(Files.readAllBytes(GgufFiles.golden("demo-q8.gguf")));
    assertEquals(List.of("Q8_0"), made.quantisation());
    ExportedBundle bundle =
        new Exporter().export(ExportRequest.of(made.folder(), folder.resolve("bundle")));
    assertEquals(List.of("Q8_0"), bundle.manifest().quantisation());
    ExportedBundle plain =
        new Exporter()
            .export(ExportRequest.of(DemoModels.snapshot("base"), folder.resolve("plain")));
    assertEquals(List.of(), plain.manifest().quantisation());
  }

  @Test
  void theSameFileIsReadOnce() throws IOException {
    GgufCheckpoint first = make(GgufFiles.demo("BF16"));
    Map<String, Path> files = FileTree.files(first.folder());
    assertFalse(GgufCheckpoint.make(folder.resolve("model.gguf")).written());
    Files.delete(first.folder().resolve("tokenizer.json"));
    assertTrue(GgufCheckpoint.make(folder.resolve("model.gguf")).written());
    assertTrue(make(GgufFiles.demo("F16")).written());
    assertFalse(make(GgufFiles.demo("F16")).written());
    assertEquals(files.keySet(), FileTree.files(first.folder()).keySet());
    try (Stream<Path> all = Files.list(folder)) {
      assertEquals(
          List.of("model", "model.gguf"),
          all.map(path -> path.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void whatIsInTheWayStays() throws IOException {
    Path other = Files.createDirectory(folder.resolve("model"));
    Files.writeString(other.resolve("precious.txt"), "mine");
    RolescopeException fault =
        assertThrows(RolescopeException.class, () -> make(GgufFiles.demo("BF16")));
    assertEquals(FaultCode.CONFLICT, fault.code());
    assertTrue(fault.getMessage().contains("is in the way"), fault.getMessage());
    assertEquals("mine", Files.readString(other.resolve("precious.txt")));
  }

  @Test
  void theChatTemplateIsKept() throws IOException {
    GgufCheckpoint made = make(Files.readAllBytes(GgufFiles.golden("pieces.gguf")));
    JsonNode settings = JSON.readTree(made.folder().resolve("tokenizer_config.json").toFile());
    assertEquals("{{ messages[0]['content'] }}", settings.path("chat_template").asText());
    assertEquals("<s>", settings.path("bos_token").asText());
    assertTrue(settings.path("add_bos_token").asBoolean());
  }

  static Stream<Arguments> brokenModels() {
    return Stream.of(
        model("no family", _ -> new GgufBytes(), "it has no general.architecture"),
        model(
            "other family",
            _ -> new GgufBytes().text("general.architecture", "mamba"),
            "the architecture mamba, which cannot be read; architectures that can be read are"
                + " llama"),
        model("experts", file -> file.whole("llama.expert_count", 8), "llama.expert_count"),
        model(
            "part of a head turned",
            file -> file.whole("llama.rope.dimension_count", 8),
            "llama.rope.dimension_count = 8 where heads have size 16"),
        model(
            "unknown scaling",
            file -> file.text("llama.rope.scaling.type", "longrope"),
            "scales rotary positions by the method longrope"),
        model(
            "scaling without factor",
            file -> file.text("llama.rope.scaling.type", "linear"),
            "it has no llama.rope.scaling.factor"),
        model(
            "factors of nobody",
            file -> file.tensor("rope_freqs.weight", 0, new byte[32], 8),
            "rotary factors in rope_freqs.weight that are not those"),
        model(
            "factors too few",
            file -> file.tensor("rope_freqs.weight", 0, new byte[16], 4),
            "rope_freqs.weight is F32 [4] where F32 [8] is needed"),
        model(
            "unknown tensor",
            file -> file.tensor("blk.0.ssm_a.weight", 0, new byte[4], 1),
            "holds tensor blk.0.ssm_a.weight, for which a plain llama model has no place"),
        model(
            "bias of one projection",
            file -> file.tensor("blk.0.attn_q.bias", 0, new byte[512], 128),
            "it has no tensor for model.layers."),
        model(
            "unknown words",
            file -> file.text("tokenizer.ggml.padding_token_id", "x"),
            "tokenizer.ggml.padding_token_id is \"x\" where a whole number"),
        model(
            "token beyond",
            file -> file.whole("tokenizer.ggml.unknown_token_id", 1600),
            "is 1600 where a whole number from 0 to 1599 is needed"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenModels")
  void whatCannotBeReadIsNamed(String defect, UnaryOperator<GgufBytes> change, String expected)
      throws IOException {
    GgufBytes file = change.apply(GgufFiles.demoMetadata());
    GgufFiles.addDemoTensors(file, "BF16");
    RolescopeException fault = assertThrows(RolescopeException.class, () -> make(file.build()));
    assertEquals(FaultCode.MALFORMED_MODEL, fault.code());
    assertTrue(fault.getMessage().contains(expected), fault.getMessage());
    assertTrue(fault.getMessage().contains("model.gguf"), fault.getMessage());
    assertFalse(Files.exists(folder.resolve("model")));
  }

  private static Arguments model(String defect, UnaryOperator<GgufBytes> change, String expected) {
    return arguments(defect, change, expected);
  }

  private GgufCheckpoint make(byte[] gguf) throws IOException {
    return GgufCheckpoint.make(Files.write(folder.resolve("model.gguf"), gguf));
  }
}

package org.rolescope.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.rolescope.export.testing.DemoModels.maxError;

import ai.onnx.proto.OnnxMl;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rolescope.export.architecture.Architecture;
import org.rolescope.export.testing.OnnxChecker;
import org.rolescope.export.testing.StageChain;
import org.rolescope.export.testing.TinyModel;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageValues;

/**
 * Every family and option, with random weights: stages are valid, run from the files on disk alone,
 * and give the same with weights injected. Whether they compute what the family means is for the
 * golden values in the inference service.
 */
class ArchitecturesTest {
  private static final long[][] IDS = {{3, 1, 4, 1, 5, 9, 2}, {6, 5, 3, 5, 8, 9, 7}};

  @TempDir Path folder;

  static Stream<Arguments> models() {
    return Stream.of(
        arguments("llama", llama("")),
        arguments("llama, biases", llama(", \"attention_bias\": true, \"mlp_bias\": true")),
        arguments("llama, tied", llama(", \"tie_word_embeddings\": true")),
        arguments("llama, BF16", llama("").storedAs(name -> "BF16")),
        arguments("llama, F16", llama("").storedAs(name -> "F16")),
        arguments("llama, types mixed", llama("").storedAs(ArchitecturesTest::mixed)),
        arguments("llama, dynamic", llama(scaling("dynamic", ""))),
        arguments("llama, yarn", llama(scaling("yarn", ""))),
        arguments("mistral, sliding", mistral(", \"sliding_window\": 3")),
        arguments("mistral, full", mistral(", \"sliding_window\": null")),
        arguments("qwen2, full", qwen("2", ", \"sliding_window\": 3")),
        arguments("qwen2, partly sliding", qwen("2", QWEN_SLIDING + ", \"max_window_layers\": 1")),
        arguments("qwen3, listed", qwen("3", QWEN_SLIDING + LAYER_TYPES)),
        arguments("qwen3, biases", qwen("3", ", \"attention_bias\": true")),
        arguments("gpt2", TinyModel.gpt2("")),
        arguments("gpt2, BF16", TinyModel.gpt2(", \"n_inner\": 30").storedAs(name -> "BF16")),
        arguments("gpt2, untied", TinyModel.gpt2(", \"tie_word_embeddings\": false")));
  }

  private static final String QWEN_SLIDING =
      ", \"use_sliding_window\": true, \"sliding_window\": 3";
  private static final String LAYER_TYPES =
      ", \"layer_types\": [\"sliding_attention\", \"full_attention\", \"sliding_attention\"]";

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void stagesAreValid(String name, TinyModel model) throws IOException {
    OnnxChecker.load();
    ExportedBundle bundle = export(model, 2);
    for (Stage stage : bundle.manifest().stages()) {
      assertDoesNotThrow(
          () -> OnnxChecker.check(bundle.folder().resolve(stage.file())), stage.file());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void filesOnDiskAndInjectedWeightsGiveTheSame(String name, TinyModel model)
      throws IOException, OrtException {
    ExportedBundle bundle = export(model, 2);
    Map<String, float[]> disk = StageChain.of(bundle.folder(), bundle.manifest()).run(IDS);
    Map<String, float[]> injected =
        StageChain.injecting(bundle.folder(), bundle.manifest()).run(IDS);
    assertEquals(3 * 3 + 1, disk.size());
    disk.forEach((tap, values) -> assertEquals(0, maxError(values, injected.get(tap)), 2e-6, tap));
    assertTrue(maxError(disk.get("logits"), new float[100]) > 1e-3, "the logits say something");
  }

  /**
   * Nobody pays for values who does not ask for them: nothing else of the graph depends on them.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void graphsWithoutTheValuesGiveTheSameBytes(String name, TinyModel model)
      throws IOException, OrtException {
    ExportedBundle bundle = export(model, 2);
    StageChain chain = StageChain.of(bundle.folder(), bundle.manifest());
    Map<String, float[]> with = chain.run(IDS);
    for (Stage stage : bundle.manifest().stages()) {
      Path file = bundle.folder().resolve(stage.file());
      OnnxMl.ModelProto graph = OnnxMl.ModelProto.parseFrom(Files.readAllBytes(file));
      OnnxMl.ModelProto without = withoutOutputs(graph, stage.values());
      assertEquals(
          stage.values().size(),
          graph.getGraph().getOutputCount() - without.getGraph().getOutputCount());
      Files.write(file, without.toByteArray());
    }
    Map<String, float[]> without = chain.run(IDS);
    with.forEach((tap, values) -> assertArrayEquals(values, without.get(tap), tap));
  }

  private static OnnxMl.ModelProto withoutOutputs(
      OnnxMl.ModelProto graph, List<StageValues> values) {
    OnnxMl.ModelProto.Builder changed = graph.toBuilder();
    List<String> names = values.stream().map(StageValues::output).toList();
    List<OnnxMl.ValueInfoProto> kept =
        graph.getGraph().getOutputList().stream()
            .filter(output -> !names.contains(output.getName()))
            .toList();
    changed.getGraphBuilder().clearOutput().addAllOutput(kept);
    return changed.build();
  }

  @Test
  void everyLayerSaysHowItsOutputProjectionIsStored() throws IOException {
    assertEquals(
        List.of(
            new StageValues(
                0, "blocks.0.v", "transformer.h.0.attn.c_proj.weight", StageValues.Layout.IN_OUT),
            new StageValues(
                1, "blocks.1.v", "transformer.h.1.attn.c_proj.weight", StageValues.Layout.IN_OUT)),
        export(TinyModel.gpt2(""), 2).manifest().stages().get(1).values());
  }

  @Test
  void slidingBlocksLookAtTheirWindowOnly() throws IOException, OrtException {
    ExportedBundle bundle = export(qwen("3", QWEN_SLIDING + LAYER_TYPES), 1);
    assertEquals(3, bundle.manifest().slidingWindow());
    assertEquals(List.of("resid_pre", "cos", "sin", "sliding_mask"), inputs(bundle, 1));
    assertEquals(List.of("resid_pre", "cos", "sin", "mask"), inputs(bundle, 2));
    Map<String, float[]> taps = StageChain.of(bundle.folder(), bundle.manifest()).run(IDS);
    int length = IDS[0].length;
    int lastQuery = (length - 1) * length;
    float[] row = Arrays.copyOfRange(taps.get("pattern.0"), lastQuery, lastQuery + length);
    assertEquals(0, row[length - 4]);
    assertTrue(row[length - 3] > 0);
    assertTrue(taps.get("pattern.1")[lastQuery] > 0);
  }

  @Test
  void stageOfBothKindsOfBlocksHasBothMasks() throws IOException {
    ExportedBundle bundle = export(qwen("3", QWEN_SLIDING + LAYER_TYPES), 3);
    assertEquals(List.of("resid_pre", "cos", "sin", "mask", "sliding_mask"), inputs(bundle, 1));
  }

  @Test
  void learnedPositionsAreAnInputOfTheEmbedding() throws IOException {
    ExportedBundle bundle = export(TinyModel.gpt2(""), 1);
    assertEquals(null, bundle.manifest().rotary());
    assertEquals(List.of("input_ids", "position_ids"), inputs(bundle, 0));
    assertEquals(List.of("resid_pre", "mask"), inputs(bundle, 1));
  }

  @Test
  void namesWithoutThePrefixAreFound() throws IOException, OrtException {
    TinyModel bare = TinyModel.gpt2("").named(name -> name.replaceFirst("^transformer\\.", ""));
    ExportedBundle with = export(TinyModel.gpt2(""), 1);
    ExportedBundle without =
        new Exporter()
            .export(ExportRequest.of(bare.write(folder.resolve("b")), folder.resolve("bare")));
    assertEquals("wte.weight", without.manifest().stages().getFirst().weights().get(0).name());
    Map<String, float[]> expected = StageChain.of(with.folder(), with.manifest()).run(IDS);
    Map<String, float[]> actual = StageChain.of(without.folder(), without.manifest()).run(IDS);
    assertEquals(0, maxError(expected.get("logits"), actual.get("logits")));
  }

  @Test
  void everyFamilyIsTested() {
    List<String> tested = models().map(model -> (String) model.get()[0]).toList();
    for (Architecture family : Architecture.SUPPORTED) {
      assertTrue(
          tested.stream().anyMatch(name -> name.startsWith(family.modelType())),
          family.modelType());
    }
    assertEquals(Architecture.class.getPermittedSubclasses().length, Architecture.SUPPORTED.size());
  }

  private ExportedBundle export(TinyModel model, int layersPerStage) throws IOException {
    Path snapshot = model.write(folder.resolve("snapshot"));
    return new Exporter()
        .export(
            ExportRequest.of(snapshot, folder.resolve("bundle"))
                .withLayersPerStage(layersPerStage));
  }

  private static List<String> inputs(ExportedBundle bundle, int stage) throws IOException {
    Path file = bundle.folder().resolve(bundle.manifest().stages().get(stage).file());
    return OnnxMl.ModelProto.parseFrom(Files.readAllBytes(file)).getGraph().getInputList().stream()
        .map(OnnxMl.ValueInfoProto::getName)
        .toList();
  }

  private static TinyModel llama(String more) {
    return TinyModel.rotary("llama", "LlamaForCausalLM", more);
  }

  private static TinyModel mistral(String more) {
    return TinyModel.rotary("mistral", "MistralForCausalLM", more);
  }

  private static TinyModel qwen(String version, String more) {
    return TinyModel.rotary("qwen" + version, "Qwen%sForCausalLM".formatted(version), more);
  }

  private static String scaling(String type, String more) {
    return ", \"rope_scaling\": {\"rope_type\": \"%s\", \"factor\": 4.0%s}".formatted(type, more);
  }

  /** Norms in F32, attention in F16, the rest in BF16. */
  private static String mixed(String name) {
    if (name.contains("norm")) {
      return "F32";
    }
    return name.contains("attn") ? "F16" : "BF16";
  }
}

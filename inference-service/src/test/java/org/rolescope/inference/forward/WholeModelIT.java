package org.rolescope.inference.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.rolescope.inference.forward.InstrumentedModels.NARROW;
import static org.rolescope.inference.forward.InstrumentedModels.ROOMY;
import static org.rolescope.inference.forward.InstrumentedModels.prompt;
import static org.rolescope.inference.forward.InstrumentedModels.run;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.export.ExportedBundle;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.intervene.Intervention;
import org.rolescope.inference.intervene.InterventionLimits;
import org.rolescope.inference.intervene.Interventions;
import org.rolescope.inference.intervene.Site;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.bundle.AttentionKind;
import org.rolescope.tensors.bundle.BundleManifest;

/**
 * Graphs exported elsewhere, instrumented and run: their patterns are those of transformers 5.23.0
 * (eager attention). Made by {@code reference/instrument/make_golden.py}.
 */
final class WholeModelIT {
  private static final float TOLERANCE = 1e-5f;
  private static final float LOGITS_TOLERANCE = 1e-4f;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"bert, BIDIRECTIONAL, 3, 4, 24, 48", "gpt2, CAUSAL, 2, 2, 16, 40"})
  void sizesAndAttentionAreFound(
      String model, AttentionKind attention, int layers, int heads, int width, int context) {
    BundleManifest manifest = models().instrument(model, true).manifest();
    assertThat(manifest.attention()).isEqualTo(attention);
    assertThat(manifest.holdsWholeModel()).isTrue();
    assertThat(manifest.dimensions().architecture()).isEqualTo(model);
    assertThat(manifest.dimensions().layerCount()).isEqualTo(layers);
    assertThat(manifest.dimensions().headCount()).isEqualTo(heads);
    assertThat(manifest.dimensions().hiddenSize()).isEqualTo(width);
    assertThat(manifest.dimensions().vocabularySize()).isEqualTo(64);
    assertThat(manifest.dimensions().contextLength()).isEqualTo(context);
  }

  @Test
  void sizesAreReadOffTheGraphWhereThereIsNoConfiguration() {
    BundleManifest with = models().instrument("bert", true).manifest();
    BundleManifest without = models().instrument("bert", false).manifest();
    assertThat(without.dimensions().architecture()).isEqualTo("onnx");
    assertThat(without.dimensions().intermediateSize()).isZero();
    assertThat(without.dimensions().hiddenSize()).isEqualTo(with.dimensions().hiddenSize());
    assertThat(without.dimensions().contextLength()).isEqualTo(48);
    assertThat(without.dimensions().headSize()).isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource({"bert, false", "bert, true", "gpt2, false", "gpt2, true"})
  void patternsAreThoseOfTransformersInOrderOfLayer(String model, boolean narrow)
      throws IOException {
    JsonNode expected =
        new ObjectMapper()
            .readTree(InstrumentedModels.source(model).resolve("expected.json").toFile());
    List<TokenizedPrompt> prompts = prompts(expected);
    ExportedBundle bundle = models().instrument(model, true);
    int layers = bundle.manifest().dimensions().layerCount();
    boolean logits = expected.at("/prompts/0").has("logits");
    Set<String> taps = logits ? Set.of("pattern", "logits") : Set.of("pattern");
    List<TensorView> tensors =
        run(bundle, prompts, new CaptureSelection(taps, 0, layers - 1), narrow ? NARROW : ROOMY);

    List<Integer> order =
        tensors.stream().map(tensor -> tensor.layer().orElse(Integer.MAX_VALUE)).toList();
    assertThat(order).isSorted();
    Map<String, Integer> seen = new HashMap<>();
    for (TensorView tensor : tensors) {
      for (int index = 0; index < tensor.promptIndices().size(); index++) {
        JsonNode prompt = expected.path("prompts").path(tensor.promptIndices().get(index));
        seen.merge(tensor.name(), 1, Integer::sum);
        if (tensor.name().equals("logits")) {
          assertClose(tensor.floatsOf(index), prompt.path("logits"), LOGITS_TOLERANCE);
        } else {
          JsonNode layer = prompt.path("patterns").path(tensor.layer().getAsInt());
          assertClose(tensor.floatsOf(index), layer, TOLERANCE);
        }
      }
    }
    assertThat(seen).containsEntry("pattern", prompts.size() * layers);
    assertThat(seen.getOrDefault("logits", 0)).isEqualTo(logits ? prompts.size() : 0);
  }

  @Test
  void aCacheIsFedEmpty() throws IOException {
    ModelProto.Builder model =
        ModelProto.parseFrom(
            Files.readAllBytes(InstrumentedModels.source("gpt2").resolve("model.onnx")))
            .toBuilder();
    model
        .getGraphBuilder()
        .addInput(past())
        .addNode(
            NodeProto.newBuilder()
                .setOpType("Shape")
                .addInput(past().getName())
                .addOutput("past_shape"))
        .addOutput(ValueInfoProto.newBuilder().setName("past_shape"));
    Path file = folder.resolve("cached.onnx");
    Files.write(file, model.build().toByteArray());
    ExportedBundle cached = models().instrument(file, "gpt2", true, folder.resolve("cached"));
    CaptureSelection selection = new CaptureSelection(Set.of("pattern"), 0, 1);
    List<TokenizedPrompt> prompts = List.of(prompt(2, 5, 3), prompt(2, 7, 3));
    assertThat(run(cached, prompts, selection, ROOMY))
        .isEqualTo(run(models().instrument("gpt2", true), prompts, selection, ROOMY));
  }

  @Test
  void oneLayerAloneCanBeAskedFor() {
    ExportedBundle bundle = models().instrument("bert", true);
    List<TokenizedPrompt> prompts = List.of(prompt(2, 5, 3), prompt(2, 3));
    List<TensorView> tensors =
        run(bundle, prompts, new CaptureSelection(Set.of("pattern"), 1, 1), ROOMY);
    assertThat(tensors).extracting(TensorView::layer).containsOnly(OptionalInt.of(1)).hasSize(2);
  }

  @Test
  void tapsTheGraphDoesNotShowAreRefused() {
    ExportedBundle bundle = models().instrument("bert", true);
    for (String tap : List.of("z", "resid_post", "value_norm", "logits")) {
      CaptureSelection selection = new CaptureSelection(Set.of(tap), 0, 0);
      assertThatThrownBy(() -> run(bundle, List.of(prompt(2, 3)), selection, ROOMY))
          .isInstanceOf(RolescopeException.class)
          .hasMessageContaining("The tap " + tap)
          .hasMessageContaining("which offers pattern only");
    }
  }

  @Test
  void theSameFilesGiveTheSameBundleAndStayAsTheyAre() {
    ExportedBundle first = models().instrument("gpt2", true);
    ExportedBundle again = models().instrument("gpt2", true);
    assertThat(first.written()).isTrue();
    assertThat(again.written()).isFalse();
    assertThat(again.manifest()).isEqualTo(first.manifest());
  }

  private static ValueInfoProto past() {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam("batch_size");
    shape.addDimBuilder().setDimValue(2);
    shape.addDimBuilder().setDimParam("past_sequence_length");
    shape.addDimBuilder().setDimValue(8);
    return ValueInfoProto.newBuilder()
        .setName("past_key_values.0.key")
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT_VALUE)
                        .setShape(shape)))
        .build();
  }

  @Test
  void interventionsAreRefused() {
    BundleManifest manifest = models().instrument("gpt2", true).manifest();
    List<Intervention> interventions =
        List.of(new Intervention(0, List.of(), new Site.MlpScale(0)));
    InterventionLimits limits = new InterventionLimits(1, 0);
    assertThatThrownBy(
            () -> Interventions.of(interventions, manifest, List.of(prompt(2, 5)), limits))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.INVALID_ARGUMENT))
        .hasMessageContaining("runs as it was made; export its checkpoint");
    assertThat(Interventions.of(List.of(), manifest, List.of(prompt(2, 5)), limits))
        .isSameAs(Interventions.NONE);
  }

  private InstrumentedModels models() {
    return new InstrumentedModels(folder);
  }

  private static List<TokenizedPrompt> prompts(JsonNode expected) {
    return StreamSupport.stream(expected.path("prompts").spliterator(), false)
        .map(
            prompt ->
                prompt(
                    StreamSupport.stream(prompt.path("ids").spliterator(), false)
                        .mapToLong(JsonNode::asLong)
                        .toArray()))
        .toList();
  }

  /** Compares with nested lists, row-major. */
  private static void assertClose(FloatBuffer actual, JsonNode expected, float tolerance) {
    List<Float> flat = new ArrayList<>();
    flatten(expected, flat);
    assertThat(actual.remaining()).isEqualTo(flat.size());
    float scale = 1;
    for (float value : flat) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int index = 0; index < flat.size(); index++) {
      assertThat(actual.get(actual.position() + index))
          .isCloseTo(flat.get(index), offset(tolerance * scale));
    }
  }

  private static void flatten(JsonNode node, List<Float> target) {
    if (node.isArray()) {
      node.forEach(each -> flatten(each, target));
    } else {
      target.add((float) node.asDouble());
    }
  }
}

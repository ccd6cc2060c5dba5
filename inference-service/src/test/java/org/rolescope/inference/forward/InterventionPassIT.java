package org.rolescope.inference.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rolescope.inference.forward.SyntheticPasses.ALL;
import static org.rolescope.inference.forward.SyntheticPasses.EVERYTHING;
import static org.rolescope.inference.forward.SyntheticPasses.LIMITS;
import static org.rolescope.inference.forward.SyntheticPasses.NONE;
import static org.rolescope.inference.forward.SyntheticPasses.SOME;
import static org.rolescope.inference.forward.SyntheticPasses.pass;
import static org.rolescope.inference.forward.SyntheticPasses.prompts;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.intervene.HeadMethod;
import org.rolescope.inference.intervene.Intervention;
import org.rolescope.inference.intervene.InterventionLimits;
import org.rolescope.inference.intervene.Interventions;
import org.rolescope.inference.intervene.Site;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.inference.testing.SyntheticCheckpoint;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.bundle.json.ManifestJson;

/** A pass that intervenes takes nothing from those that do not, and leaves nothing behind. */
@Timeout(300)
final class InterventionPassIT {
  private static final int LAYER = 2;

  @TempDir private Path folder;

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(NativeHandles.open()).isZero();
    assertThat(NativeHandles.resident()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {NONE, SOME, ALL})
  void passesWithoutInterventionsBetweenThoseWithOnesAreUntouched(long budget) throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 2);
    try (ModelResidency residency = new ModelResidency(budget)) {
      List<TensorView> clean = run(pass(residency, bundle));
      List<TensorView> changed = run(changed(residency, bundle, prompts()));
      int resident = NativeHandles.resident();
      assertThat(changed).isNotEqualTo(clean);
      for (int repeat = 0; repeat < 5; repeat++) {
        assertThat(run(changed(residency, bundle, prompts()))).isEqualTo(changed);
        assertThat(run(pass(residency, bundle))).isEqualTo(clean);
        assertThat(NativeHandles.open()).isZero();
        assertThat(NativeHandles.resident()).isEqualTo(resident);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {NONE, SOME, ALL})
  void aPassCancelledAnywhereLeavesNothing(long budget) throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    try (ModelResidency residency = new ModelResidency(budget)) {
      ForwardPass pass = changed(residency, bundle, prompts());
      for (int after = 0; after < 40; after += 4) {
        AtomicInteger left = new AtomicInteger(after);
        assertThatThrownBy(
                () ->
                    pass.run(
                        prompts(), EVERYTHING, LIMITS, _ -> {}, () -> left.getAndDecrement() == 0))
            .isInstanceOf(RolescopeException.class);
        assertThat(NativeHandles.open()).isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {NONE, ALL})
  void aStageWithoutTheTensorIsNamedAndLeavesNothing(long budget) throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    rename(bundle.resolve("stages/block_002.onnx"), "blocks.2.attn_scores.by_head", "other");
    try (ModelResidency residency = new ModelResidency(budget)) {
      assertThat(run(pass(residency, bundle))).isNotEmpty();
      assertThatThrownBy(() -> run(changed(residency, bundle, prompts())))
          .isInstanceOfSatisfying(
              RolescopeException.class,
              fault -> assertThat(fault.code()).isEqualTo(FaultCode.MALFORMED_MODEL))
          .hasMessageContaining(
              "block_002.onnx does not compute blocks.2.attn_scores.by_head, so it cannot be intervened on or captured there; export the model again");
      assertThat(NativeHandles.open()).isZero();
      assertThat(run(pass(residency, bundle))).isNotEmpty();
    }
  }

  @Test
  void interventionsOnOtherPromptsAreADefect() throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    try (ModelResidency residency = new ModelResidency(NONE)) {
      assertThatThrownBy(() -> run(changed(residency, bundle, prompts().reversed())))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static ForwardPass changed(
      ModelResidency residency, Path bundle, List<TokenizedPrompt> prompts) {
    List<Intervention> interventions =
        List.of(
            new Intervention(
                LAYER, List.of(), new Site.Heads(List.of(1), new HeadMethod.Random(5))),
            new Intervention(LAYER, List.of(0, 26), new Site.MlpScale(0)));
    return pass(residency, bundle)
        .withInterventions(
            Interventions.of(
                interventions,
                ManifestJson.read(bundle),
                prompts,
                new InterventionLimits(interventions.size(), 0)));
  }

  private static List<TensorView> run(ForwardPass pass) {
    List<TensorView> tensors = new ArrayList<>();
    pass.run(prompts(), EVERYTHING, LIMITS, tensors::add, () -> false);
    return tensors;
  }

  /** Gives a value of a graph another name, wherever it stands. */
  private static void rename(Path stage, String from, String to) throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(stage)).toBuilder();
    for (NodeProto.Builder node : model.getGraphBuilder().getNodeBuilderList()) {
      for (int input = 0; input < node.getInputCount(); input++) {
        if (node.getInput(input).equals(from)) {
          node.setInput(input, to);
        }
      }
      for (int output = 0; output < node.getOutputCount(); output++) {
        if (node.getOutput(output).equals(from)) {
          node.setOutput(output, to);
        }
      }
    }
    Files.delete(stage);
    Files.write(stage, model.build().toByteArray());
  }
}

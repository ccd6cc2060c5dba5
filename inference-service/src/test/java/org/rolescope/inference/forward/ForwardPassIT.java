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
import static org.rolescope.inference.forward.SyntheticPasses.run;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.inference.testing.SyntheticCheckpoint;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.StageWeight;
import org.rolescope.tensors.bundle.json.ManifestJson;

/** A pass tells what it does; one that is cancelled or fails says why and leaves nothing behind. */
@Timeout(300)
final class ForwardPassIT {
  @TempDir private Path folder;

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(NativeHandles.open()).isZero();
    assertThat(NativeHandles.resident()).isZero();
  }

  @Test
  void theListenerHearsEveryStageInOrder() throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 2);
    List<StageReport> heard = new ArrayList<>();
    try (ModelResidency residency = new ModelResidency(NONE)) {
      PassReport report =
          pass(residency, bundle)
              .withListener(heard::add)
              .run(prompts(), EVERYTHING, LIMITS, _ -> {}, () -> false);
      assertThat(heard).isEqualTo(report.stages()).hasSize(1 + SyntheticCheckpoint.LAYERS / 2 + 1);
      assertThat(report.totalNanos()).isGreaterThan(report.runNanos());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {NONE, SOME, ALL})
  void aPassCancelledAnywhereLeavesNothing(long budget) throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    for (int after = 0; after < 20; after += 3) {
      AtomicInteger left = new AtomicInteger(after);
      try (ModelResidency residency = new ModelResidency(budget)) {
        assertThatThrownBy(
                () ->
                    pass(residency, bundle)
                        .run(
                            prompts(),
                            EVERYTHING,
                            LIMITS,
                            _ -> {},
                            () -> left.getAndDecrement() == 0))
            .isInstanceOfSatisfying(
                RolescopeException.class,
                fault -> assertThat(fault.code()).isEqualTo(FaultCode.CANCELLED));
        assertThat(NativeHandles.open()).isZero();
      }
    }
  }

  @Test
  void aSinkThatFailsLeavesNothing() throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.F32).export(folder, "model", 2);
    try (ModelResidency residency = new ModelResidency(NONE)) {
      assertThatThrownBy(
              () ->
                  run(
                      residency,
                      bundle,
                      LIMITS,
                      _ -> {
                        throw new IllegalStateException("full");
                      }))
          .hasMessage("full");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "model.layers.3.mlp.up_proj.weight, BF16",
    "model.layers.0.input_layernorm.weight, F16",
    "model.layers.5.self_attn.o_proj.weight, F32",
    "lm_head.weight, BF16",
    "model.embed_tokens.weight, F32"
  })
  void aWeightThatIsNotFiniteIsNamed(String tensor, DType type) throws IOException {
    Path bundle = new SyntheticCheckpoint(type).export(folder, "model", 1);
    makeLastElementNaN(bundle, tensor);
    for (long budget : new long[] {NONE, ALL}) {
      assertFault(budget, bundle, "The tensor " + tensor + " holds NaN or infinity");
    }
  }

  @Test
  void aDamagedStageInTheMiddleIsNamed() throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    Path stage = bundle.resolve(ManifestJson.read(bundle).stages().get(4).file());
    byte[] whole = Files.readAllBytes(stage);
    Files.write(stage, Arrays.copyOf(whole, whole.length / 2));
    assertFault(NONE, bundle, "is damaged");
    assertFault(ALL, bundle, "is damaged");
  }

  @Test
  void aWeightFileCutWhileItIsReadIsNamed() throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    Path weights = bundle.resolve(ManifestJson.read(bundle).weightFiles().getFirst().file());
    try (ModelResidency residency = new ModelResidency(NONE)) {
      assertThatThrownBy(() -> run(residency, bundle, LIMITS, _ -> cut(weights)))
          .isInstanceOfSatisfying(
              RolescopeException.class,
              fault -> assertThat(fault.code()).isEqualTo(FaultCode.MALFORMED_MODEL))
          .hasMessageContaining("ends at byte")
          .hasMessageContaining("inside the tensor");
    }
    assertFault(NONE, bundle, "at export it had");
  }

  @Test
  void aGraphThatAsksForAnUnknownInputIsRefused() throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    Path stage = bundle.resolve(ManifestJson.read(bundle).stages().get(2).file());
    ModelProto.Builder graph = ModelProto.parseFrom(Files.readAllBytes(stage)).toBuilder();
    ValueInfoProto mask =
        graph.getGraph().getInputList().stream()
            .filter(input -> input.getName().equals("mask"))
            .findFirst()
            .orElseThrow();
    graph.getGraphBuilder().addInput(mask.toBuilder().setName("dark_mask"));
    Files.write(stage, graph.build().toByteArray());
    assertFault(NONE, bundle, "asks for the input dark_mask");
  }

  private void assertFault(long budget, Path bundle, String sentence) {
    try (ModelResidency residency = new ModelResidency(budget)) {
      assertThatThrownBy(() -> run(residency, bundle, LIMITS, _ -> {}))
          .isInstanceOfSatisfying(
              RolescopeException.class,
              fault -> assertThat(fault.code()).isEqualTo(FaultCode.MALFORMED_MODEL))
          .hasMessageContaining(sentence);
    }
    assertThat(NativeHandles.open()).isZero();
  }

  /** All bits set is NaN in every type. */
  private static void makeLastElementNaN(Path bundle, String tensor) throws IOException {
    BundleManifest manifest = ManifestJson.read(bundle);
    StageWeight weight =
        manifest.stages().stream()
            .flatMap(stage -> stage.weights().stream())
            .filter(candidate -> candidate.name().equals(tensor))
            .findFirst()
            .orElseThrow();
    Path file = bundle.resolve(manifest.weightFiles().get(weight.file()).file());
    byte[] bits = new byte[weight.dataType().sizeBytes()];
    Arrays.fill(bits, (byte) 0xff);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long end = weight.offsetBytes() + weight.sizeBytes();
      channel.write(ByteBuffer.wrap(bits), end - bits.length);
    }
  }

  private static void cut(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }
}

package org.rolescope.inference.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rolescope.inference.forward.SyntheticPasses.ALL;
import static org.rolescope.inference.forward.SyntheticPasses.LIMITS;
import static org.rolescope.inference.forward.SyntheticPasses.NONE;
import static org.rolescope.inference.forward.SyntheticPasses.SOME;
import static org.rolescope.inference.forward.SyntheticPasses.prompts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
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
import org.rolescope.inference.intervene.Patch;
import org.rolescope.inference.intervene.Site;
import org.rolescope.inference.intervene.Variants;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.inference.testing.SyntheticCheckpoint;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.bundle.json.ManifestJson;

/** Sweeps with stages that stay and stages that are streamed, in one group and in many. */
@Timeout(300)
final class SweepPassIT {
  private static final InterventionLimits LIMITS_OF_SWEEP = new InterventionLimits(100, 1 << 24);

  /** Of the synthetic model, what some variants take. */
  private static final long FEW = 1 << 18;

  private static final long MANY = 1 << 28;

  @TempDir private Path folder;

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(NativeHandles.open()).isZero();
    assertThat(NativeHandles.resident()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void memoryDecidesNothingButTheCosts(int layersPerStage) throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", layersPerStage);
    List<TensorView> expected = null;
    for (long budget : new long[] {ALL, SOME, NONE}) {
      try (ModelResidency residency = new ModelResidency(budget)) {
        for (long bytes : new long[] {MANY, FEW}) {
          Collected collected = new Collected();
          SweepReport report = sweep(residency, bundle, bytes).run(LIMITS, collected, () -> false);
          expected = expected == null ? collected.tensors : expected;
          assertThat(collected.tensors).hasSize(2 + variants().size()).isEqualTo(expected);
          assertThat(report.promptBlocks()).isPositive();
          assertThat(NativeHandles.open()).isZero();
        }
      }
    }
  }

  /** The target is run once; in later passes it goes on from where a group begins. */
  @Test
  void groupsCostLittleMore() throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    try (ModelResidency residency = new ModelResidency(ALL)) {
      SweepReport together =
          sweep(residency, bundle, MANY).run(LIMITS, new Collected(), () -> false);
      SweepReport apart = sweep(residency, bundle, FEW).run(LIMITS, new Collected(), () -> false);
      int layers = SyntheticCheckpoint.LAYERS;
      // Three variants of each layer, that layer and those behind it; the target and the source.
      double passes = 3 * (layers + 1) / 2.0 + 2;
      long single = prompts().stream().filter(prompt -> prompt.length() == 1).count();
      assertThat(together.forwardPasses()).isBetween(passes, passes * (1 + single / 27.0));
      assertThat(apart.batches()).isGreaterThan(together.batches());
      assertThat(apart.forwardPasses() - together.forwardPasses()).isBetween(0.0, 1.0);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {NONE, SOME, ALL})
  void aSweepCancelledAnywhereLeavesNothing(long budget) throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    try (ModelResidency residency = new ModelResidency(budget)) {
      for (int after = 0; after < 120; after += 17) {
        AtomicInteger left = new AtomicInteger(after);
        BooleanSupplier cancelled = () -> left.getAndDecrement() == 0;
        SweepPass pass = sweep(residency, bundle, FEW);
        assertThatThrownBy(() -> pass.run(LIMITS, new Collected(), cancelled))
            .isInstanceOfSatisfying(
                RolescopeException.class,
                fault -> assertThat(fault.code()).isEqualTo(FaultCode.CANCELLED));
        assertThat(NativeHandles.open()).isZero();
      }
    }
  }

  @Test
  void aVariantThatIsTooLargeIsRefusedBeforeAnythingRuns() throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    try (ModelResidency residency = new ModelResidency(NONE)) {
      assertThatThrownBy(() -> sweep(residency, bundle, 1000))
          .isInstanceOfSatisfying(
              RolescopeException.class,
              fault -> assertThat(fault.code()).isEqualTo(FaultCode.RESOURCE_EXHAUSTED))
          .hasMessageContaining("A variant of 27 prompts takes")
          .hasMessageContaining("raise rolescope.inference.max-sweep-bytes");
    }
  }

  private static SweepPass sweep(ModelResidency residency, Path bundle, long bytes) {
    ModelPrompts target = new ModelPrompts(bundle, ManifestJson.read(bundle), prompts());
    Variants variants =
        Variants.of(variants(), target.manifest(), target.prompts(), true, LIMITS_OF_SWEEP);
    return new SweepPass(residency, target, Optional.of(target), variants, bytes);
  }

  /** Of each layer one patch, one ablation of a head and one of the MLP. */
  private static List<List<Intervention>> variants() {
    List<List<Intervention>> variants = new ArrayList<>();
    Patch fromSource = new Patch(List.of(), true);
    for (int layer = 0; layer < SyntheticCheckpoint.LAYERS; layer++) {
      for (Site site :
          List.of(
              new Site.Heads(List.of(1), new HeadMethod.ZPatch(fromSource)),
              new Site.Heads(List.of(0), new HeadMethod.Random(4)),
              new Site.MlpScale(0))) {
        variants.add(List.of(new Intervention(layer, List.of(), site)));
      }
    }
    return variants;
  }

  /** All logits in the order in which they come. */
  private static final class Collected implements SweepSink {
    private final List<TensorView> tensors = new ArrayList<>();

    @Override
    public void source(TensorView logits) {
      tensors.add(logits);
    }

    @Override
    public void target(TensorView logits) {
      tensors.add(logits);
    }

    @Override
    public void variant(int variant, TensorView logits) {
      assertThat(variant).isEqualTo(tensors.size() - 2);
      tensors.add(logits);
    }
  }
}

package org.rolescope.cli.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.ModelDimensions;
import org.rolescope.v1.RunPlan;

final class ModelNeedsTest {
  private static final Percentage TEN = Percentage.withPercentage(10);
  private static final long PARAMETERS = 8_030_261_248L;
  private static final long BUDGET = 1_400_000_000;

  private static final FoundModel LLAMA =
      new FoundModel(
          "llama-base",
          new ModelSource.Folder(Path.of("/llama")),
          Optional.empty(),
          new ModelDimensions("llama", 32, 32, 8, 128, 4096, 14_336, 128_256, 131_072, PARAMETERS),
          16_000_000_000L,
          0,
          9_000_000);

  @TempDir private Path folder;

  /** 120 prompts of 8 tokens on 2 cores: docs/performance.md has 46.7 s and 1,472 MiB. */
  @Test
  void anAnalysisOfLlamaTakesWhatItWasMeasuredToTake() {
    Workload work = new Workload(120, 960, 120 * 64, 0, false);
    ModelNeeds needs = ModelNeeds.of(LLAMA, work, new Machine(2, BUDGET));
    assertThat(needs.seconds()).isCloseTo(10 + 46.7 + 8, TEN);
    assertThat((double) needs.memoryBytes())
        .isCloseTo(1472 * 1048576.0, Percentage.withPercentage(30));
    assertThat(needs.bundleBytes()).isBetween(9_000_000L, 10_000_000L);
  }

  @Test
  void keptPatternsTakeASecondPassAndTheirSize() {
    Machine machine = new Machine(2, BUDGET);
    ModelNeeds without = ModelNeeds.of(LLAMA, new Workload(120, 960, 7680, 0, false), machine);
    ModelNeeds with = ModelNeeds.of(LLAMA, new Workload(120, 960, 7680, 0, true), machine);
    assertThat(with.seconds() - 10).isCloseTo(2 * (without.seconds() - 10), TEN);
    assertThat(with.resultBytes() - without.resultBytes()).isEqualTo(32L * 32 * 7680 * 4);
  }

  @Test
  void memoryIsBoundedByTheBudgetAndByTheModel() {
    Workload work = new Workload(1, 8, 64, 0, false);
    long all = ModelNeeds.of(LLAMA, work, new Machine(2, Long.MAX_VALUE)).memoryBytes();
    long none = ModelNeeds.of(LLAMA, work, new Machine(2, 1)).memoryBytes();
    assertThat(all).isBetween(PARAMETERS * 4, PARAMETERS * 4 + 1_000_000_000);
    assertThat(none).isBetween(PARAMETERS / 8, PARAMETERS / 4);
  }

  @Test
  void tokensAreCountedByCharacters() {
    RunPlan.Builder plan = RunPlan.newBuilder().setSkipRawPatterns(true);
    plan.getPromptSetBuilder()
        .addCategoriesBuilder()
        .addPrompts("12345678")
        .addPrompts("123456789");
    assertThat(Workload.of(plan.build(), List.of("1234")))
        .isEqualTo(new Workload(2, 3 + 4, 9 + 16, 2, false));
  }

  @Test
  void whatDoesNotFitTheDiskIsRefusedInOneSum() {
    long free = DiskSpace.freeBytes(folder);
    Path below = folder.resolve("not/there");
    new DiskSpace().need(below, free / 4).need(folder, free / 4).check();
    RolescopeException fault =
        catchThrowableOfType(
            RolescopeException.class,
            () -> new DiskSpace().need(below, free).need(folder, free).check());
    assertThat(fault.code()).isEqualTo(FaultCode.RESOURCE_EXHAUSTED);
    assertThat(fault).hasMessageContaining("The disk of " + below).hasMessageContaining("HF_HOME");
  }
}

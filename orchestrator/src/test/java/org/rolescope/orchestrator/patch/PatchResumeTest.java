package org.rolescope.orchestrator.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.stepwise.StepListener;
import org.rolescope.orchestrator.testing.Bench;
import org.rolescope.orchestrator.testing.FakeModel;
import org.rolescope.orchestrator.testing.Folders;
import org.rolescope.v1.PatchPlan;
import org.rolescope.v1.PatchResults;
import org.rolescope.v1.StepProgress;
import org.rolescope.v1.SweepRequest;

final class PatchResumeTest {
  private static final PatchPlan PLAN =
      PatchedPairs.answered()
          .addCandidates(PatchedPairs.set(0, 1))
          .addCandidates(PatchedPairs.set(1, 0, 2, 0))
          .build();

  @TempDir private Path root;

  @Test
  void goesOnAfterAFailureAtAnyMessage() throws IOException {
    SortedMap<String, String> undisturbed;
    int messages;
    try (Bench bench = new Bench(root.resolve("undisturbed"))) {
      undisturbed = contents(patch(bench));
      messages = bench.trouble().passed();
    }
    assertThat(messages).isGreaterThan(40);
    for (int cut = 0; cut < messages; cut += cut < 8 ? 1 : 5) {
      try (Bench bench = new Bench(root.resolve("cut-" + cut))) {
        bench.trouble().failAfter(cut);
        assertThatThrownBy(() -> patch(bench)).hasMessageContaining("cut on purpose");
        bench.trouble().never();
        assertThat(contents(patch(bench))).as("cut after message " + cut).isEqualTo(undisturbed);
      }
    }
  }

  @Test
  void keepsUnitsAndAsksForTheSameAgain() {
    try (Bench bench = new Bench(root)) {
      assertThatThrownBy(() -> bench.patching().run(PLAN, false, new StopAfter(3)))
          .isInstanceOfSatisfying(
              RolescopeException.class,
              fault -> assertThat(fault.code()).isEqualTo(FaultCode.CANCELLED));
      List<StepProgress> told = new ArrayList<>();
      PatchResults results = bench.patching().run(PLAN, false, told::add);
      assertThat(told.getFirst().getStepsDone()).isEqualTo(3);
      assertThat(told.getFirst().getStep()).isEmpty();
      // Both runs and the units of layers 0 and 1 are there, but rounding may hang on what shares a
      // batch.
      assertThat(told.get(1).getStep()).isEqualTo("denoising: layer 2, patch 1");
      assertThat(bench.inference().sweeps().get(1))
          .isEqualTo(bench.inference().sweeps().getFirst());
      assertThat(results.getForwardPasses()).isPositive();
    }
  }

  @Test
  void partsThatAreThereAreNotAskedForAgain() {
    try (Bench bench = new Bench(root)) {
      bench.models().put(new FakeModel("tiny-base", "b".repeat(64), 20, 10));
      PatchPlan plan = PatchedPairs.answered().build();
      // Layers 0 to 12 are the first part.
      assertThatThrownBy(() -> bench.patching().run(plan, false, new StopAfter(1 + 13 + 1)))
          .hasMessage("enough");
      assertThat(bench.inference().sweeps().stream().map(SweepRequest::getVariantsCount))
          .containsExactly(130, 70);
      bench.patching().run(plan, false, step -> {});
      assertThat(bench.inference().sweeps().stream().map(SweepRequest::getVariantsCount))
          .containsExactly(130, 70, 70, 130, 70);
    }
  }

  @Test
  void whatStopsBehindTheSweepsSweepsNoMore() {
    try (Bench bench = new Bench(root)) {
      assertThatThrownBy(
              () ->
                  bench
                      .patching()
                      .run(
                          PLAN,
                          false,
                          step -> {
                            if (step.getStep().equals("scores")) {
                              throw new RolescopeException(FaultCode.CANCELLED, "enough");
                            }
                          }))
          .hasMessage("enough");
      assertThat(patch(bench).getForwardPasses()).isZero();
      assertThat(bench.inference().sweeps()).hasSize(2);
    }
  }

  @Test
  void aModelThatChangesUnderWayIsNoticed() {
    try (Bench bench = new Bench(root)) {
      assertThatThrownBy(
              () ->
                  bench
                      .patching()
                      .run(
                          PLAN,
                          false,
                          step ->
                              bench.models().put(new FakeModel("tiny-base", "d".repeat(64), 3, 2))))
          .hasMessageContaining("Model tiny-base changed while it was patched");
    }
  }

  @Test
  void damagedFilesAreNamed() throws IOException {
    try (Bench bench = new Bench(root)) {
      assertThatThrownBy(() -> bench.patching().run(PLAN, false, new StopAfter(4)));
      Path unit;
      try (var files = Files.walk(root.resolve("patching"))) {
        unit = files.filter(file -> file.endsWith("layer_1_block_0.pb")).findFirst().orElseThrow();
      }
      Files.write(unit, new byte[0]);
      assertThatThrownBy(() -> patch(bench))
          .isInstanceOfSatisfying(
              RolescopeException.class,
              fault -> assertThat(fault.code()).isEqualTo(FaultCode.DATA_LOSS))
          .hasMessageContaining(unit.toString());
      bench.patching().run(PLAN, true, step -> {});
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 20, 45})
  void goesOnAfterItsProcessIsKilled(int messages) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                DyingPatch.class.getName(),
                root.resolve("killed").toString(),
                Integer.toString(messages))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(9);
    SortedMap<String, String> undisturbed;
    try (Bench bench = new Bench(root.resolve("undisturbed"))) {
      undisturbed = contents(patch(bench));
    }
    try (Bench bench = new Bench(root.resolve("killed"))) {
      assertThat(contents(patch(bench))).isEqualTo(undisturbed);
    }
  }

  static PatchResults patch(Bench bench) {
    return bench.patching().run(PLAN, false, step -> {});
  }

  private static SortedMap<String, String> contents(PatchResults results) throws IOException {
    return Folders.contents(Path.of(results.getFolder()));
  }

  /** Stops the work when so many steps are done. */
  private record StopAfter(int steps) implements StepListener {
    @Override
    public void progress(StepProgress progress) {
      if (progress.getStepsDone() == steps) {
        throw new RolescopeException(FaultCode.CANCELLED, "enough");
      }
    }
  }
}

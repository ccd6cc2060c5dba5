package org.rolescope.inference.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rolescope.inference.forward.SyntheticPasses.ALL;
import static org.rolescope.inference.forward.SyntheticPasses.LIMITS;
import static org.rolescope.inference.forward.SyntheticPasses.NONE;
import static org.rolescope.inference.forward.SyntheticPasses.SOME;
import static org.rolescope.inference.forward.SyntheticPasses.pass;
import static org.rolescope.inference.forward.SyntheticPasses.run;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.inference.testing.SyntheticCheckpoint;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.bundle.Stage;

/** What a pass gives does not depend on where its weights are, and it leaves nothing behind. */
@Timeout(300)
final class ResidencyIT {
  @TempDir private Path folder;

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(NativeHandles.open()).isZero();
    assertThat(NativeHandles.resident()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F16", "BF16"})
  void streamedResidentAndRepeatedPassesGiveEqualBytes(DType type) throws IOException {
    Path bundle = new SyntheticCheckpoint(type).export(folder, "model", 1);
    List<TensorView> streamed = new ArrayList<>();
    try (ModelResidency residency = new ModelResidency(NONE)) {
      PassReport report = run(residency, bundle, LIMITS, streamed::add);
      assertThat(report.stages().stream().filter(StageReport::resident))
          .extracting(stage -> stage.stage().kind())
          .containsExactly(Stage.Kind.EMBED);
      assertThat(residency.reservedBytes()).isZero();
    }
    for (long budget : new long[] {SOME, ALL}) {
      try (ModelResidency residency = new ModelResidency(budget)) {
        for (int repeat = 0; repeat < 3; repeat++) {
          List<TensorView> tensors = new ArrayList<>();
          run(residency, bundle, LIMITS, tensors::add);
          assertThat(tensors).isEqualTo(streamed);
        }
      }
    }
  }

  @Test
  void aResidentModelIsReadOnce() throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    try (ModelResidency residency = new ModelResidency(ALL)) {
      PassReport first = run(residency, bundle, LIMITS, _ -> {});
      PassReport second = run(residency, bundle, LIMITS, _ -> {});
      assertThat(first.readBytes()).isPositive();
      assertThat(first.readNanos()).isPositive();
      assertThat(second.readBytes()).isZero();
      assertThat(second.stages()).allMatch(StageReport::resident);
      assertThat(second.runNanos()).isPositive();
      assertThat(residency.reservedBytes()).isPositive().isLessThan(ALL);
    }
  }

  @Test
  void whatFitsBesideStreamingStaysAndTheRestIsStreamed() throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    try (ModelResidency residency = new ModelResidency(SOME)) {
      run(residency, bundle, LIMITS, _ -> {});
      PassReport second = run(residency, bundle, LIMITS, _ -> {});
      assertThat(second.stages()).anyMatch(StageReport::resident);
      assertThat(second.stages()).anyMatch(stage -> !stage.resident());
      assertThat(second.stages().getLast().load().readBytes()).isPositive();
      assertThat(residency.reservedBytes()).isBetween(1L, SOME);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 7", "6, 32", "1, 7", "6, 1"})
  void stagesAndBatchesDoNotMatter(int layersPerStage, int maxPrompts) throws IOException {
    SyntheticCheckpoint checkpoint = new SyntheticCheckpoint(DType.BF16);
    Path whole = checkpoint.export(folder, "whole", 1);
    Path other = checkpoint.export(folder, "other", layersPerStage);
    try (ModelResidency large = new ModelResidency(0);
        ModelResidency small = new ModelResidency(NONE)) {
      Map<String, float[]> expected = byPrompt(large, whole, LIMITS);
      Map<String, float[]> actual = byPrompt(small, other, new PassLimits(maxPrompts, 64 << 20));
      assertThat(actual.keySet()).isEqualTo(expected.keySet());
      expected.forEach((key, values) -> assertClose(key, values, actual.get(key)));
    }
  }

  @Test
  void passesAtOnceShareAModel() throws Exception {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    for (long budget : new long[] {NONE, SOME, ALL}) {
      try (ModelResidency residency = new ModelResidency(budget);
          ExecutorService passes = Executors.newFixedThreadPool(4)) {
        List<Future<List<TensorView>>> running = new ArrayList<>();
        for (int pass = 0; pass < 8; pass++) {
          running.add(
              passes.submit(
                  () -> {
                    List<TensorView> tensors = new ArrayList<>();
                    run(residency, bundle, LIMITS, tensors::add);
                    return tensors;
                  }));
        }
        List<TensorView> first = running.getFirst().get();
        for (Future<List<TensorView>> pass : running) {
          assertThat(pass.get()).isEqualTo(first);
        }
      }
    }
  }

  @Test
  void theModelUsedLongestAgoMakesRoomAndOneInUseDoesNot() throws IOException {
    SyntheticCheckpoint checkpoint = new SyntheticCheckpoint(DType.BF16);
    Path first = checkpoint.export(folder, "first", 1);
    Path second = checkpoint.export(folder, "second", 1);
    long oneModel = reservedBytes(first);
    try (ModelResidency residency = new ModelResidency(oneModel + oneModel / 2)) {
      run(residency, first, LIMITS, _ -> {});
      run(residency, second, LIMITS, _ -> {});
      assertThat(run(residency, second, LIMITS, _ -> {}).readBytes()).isZero();
      assertThat(run(residency, first, LIMITS, _ -> {}).readBytes()).isPositive();
      AtomicInteger nested = new AtomicInteger();
      run(
          residency,
          first,
          LIMITS,
          _ -> {
            if (nested.getAndIncrement() == 0) {
              assertThat(run(residency, second, LIMITS, _ -> {}).readBytes()).isPositive();
            }
          });
      assertThat(residency.reservedBytes()).isLessThanOrEqualTo(residency.budgetBytes());
      assertThat(run(residency, first, LIMITS, _ -> {}).readBytes()).isZero();
    }
  }

  @Test
  void closingWaitsForThePassThatUsesAModel() throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    ModelResidency residency = new ModelResidency(ALL);
    run(residency, bundle, LIMITS, _ -> residency.close());
    assertThatThrownBy(() -> run(residency, bundle, LIMITS, _ -> {}))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.UNAVAILABLE));
  }

  @ParameterizedTest
  @ValueSource(longs = {NONE, SOME, ALL})
  void fiftyPassesHoldNoMoreThanOne(long budget) throws IOException {
    Path bundle = new SyntheticCheckpoint(DType.BF16).export(folder, "model", 1);
    try (ModelResidency residency = new ModelResidency(budget)) {
      run(residency, bundle, LIMITS, _ -> {});
      int resident = NativeHandles.resident();
      for (int repeat = 0; repeat < 50; repeat++) {
        run(residency, bundle, LIMITS, _ -> {});
        assertThat(NativeHandles.open()).isZero();
        assertThat(NativeHandles.resident()).isEqualTo(resident);
      }
    }
  }

  private static long reservedBytes(Path bundle) {
    try (ModelResidency residency = new ModelResidency(ALL)) {
      run(residency, bundle, LIMITS, _ -> {});
      return residency.reservedBytes();
    }
  }

  private static Map<String, float[]> byPrompt(
      ModelResidency residency, Path bundle, PassLimits limits) {
    Map<String, float[]> values = new TreeMap<>();
    run(
        residency,
        bundle,
        limits,
        tensor -> {
          for (int index = 0; index < tensor.promptIndices().size(); index++) {
            FloatBuffer floats = tensor.floatsOf(index);
            float[] copy = new float[floats.remaining()];
            floats.get(copy);
            values.put(
                "%s %s prompt %d"
                    .formatted(tensor.name(), tensor.layer(), tensor.promptIndices().get(index)),
                copy);
          }
        });
    return values;
  }

  /** Equal to 1e-6 of the range of the tensor, or of 1 where it is smaller. */
  private static void assertClose(String what, float[] expected, float[] actual) {
    assertThat(actual.length).isEqualTo(expected.length);
    float low = 0;
    float high = 0;
    float worst = 0;
    for (int index = 0; index < expected.length; index++) {
      low = Math.min(low, expected[index]);
      high = Math.max(high, expected[index]);
      worst = Math.max(worst, Math.abs(expected[index] - actual[index]));
    }
    assertThat(worst / Math.max(1, high - low)).as(what).isLessThan(1e-6f);
  }
}

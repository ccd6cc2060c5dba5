package org.rolescope.orchestrator.stepwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.v1.Model;
import org.rolescope.v1.PatchPlan;
import org.rolescope.v1.StepProgress;

final class WorkStoreTest {
  @TempDir Path root;

  @Test
  void idFollowsFromPlanAndModelDigests() {
    assertThat(plan("a", "one").id()).isEqualTo(plan("a", "one").id());
    assertThat(plan("a", "one").id()).isNotEqualTo(plan("a", "two").id());
    assertThat(plan("a", "one").id()).isNotEqualTo(plan("b", "one").id());
    assertThat(plan("a", "one").id().text()).matches("demo-[0-9a-f]{12}");
  }

  @Test
  void oneAtATimeWorksOnAPlan() {
    WorkStore store = new WorkStore(root);
    try (WorkFolder folder = store.open(plan("a", "one"), false)) {
      assertThat(folder.path()).isEqualTo(store.path(plan("a", "one")));
      assertThatThrownBy(() -> store.open(plan("a", "one"), true))
          .isInstanceOfSatisfying(
              RolescopeException.class,
              fault -> assertThat(fault.code()).isEqualTo(FaultCode.CONFLICT));
      store.open(plan("b", "one"), false).close();
    }
    store.open(plan("a", "one"), false).close();
  }

  @Test
  void keepsWhatIsWholeAndThrowsAwayTheRest() throws IOException {
    WorkStore store = new WorkStore(root);
    Path step;
    Path partial;
    try (WorkFolder folder = store.open(plan("a", "one"), false)) {
      step = folder.step("first.pb");
      partial = folder.step(".second.pb.partial");
      Files.createDirectories(step.getParent());
      Files.createFile(step);
      Files.createFile(partial);
      Files.createFile(folder.results());
      assertThat(folder.isComplete()).isTrue();
      assertThat(folder.relative(step)).isEqualTo("steps/first.pb");
    }
    try (WorkFolder folder = store.open(plan("a", "one"), false)) {
      assertThat(step).exists();
      assertThat(partial).doesNotExist();
      assertThat(folder.isComplete()).isTrue();
    }
    try (WorkFolder folder = store.open(plan("a", "one"), true)) {
      assertThat(step).doesNotExist();
      assertThat(folder.isComplete()).isFalse();
      assertThat(folder.plan()).exists();
    }
  }

  @Test
  void refusesAFolderWithAnotherPlan() throws IOException {
    WorkStore store = new WorkStore(root);
    try (WorkFolder folder = store.open(plan("a", "one"), false)) {
      Files.writeString(folder.plan(), "{}");
    }
    assertThatThrownBy(() -> store.open(plan("a", "one"), false))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.DATA_LOSS))
        .hasMessageContaining("plan.json");
    store.open(plan("a", "one"), true).close();
  }

  @Test
  void countsSteps() {
    List<StepProgress> told = new ArrayList<>();
    StepCount count = new StepCount(3, 1, told::add);
    count.finished("second");
    count.finished("third");
    assertThat(told.stream().map(StepProgress::getStepsDone)).containsExactly(1, 2, 3);
    assertThat(told.stream().map(StepProgress::getStep)).containsExactly("", "second", "third");
    assertThat(told.stream().map(StepProgress::getStepsTotal)).containsOnly(3);
    assertThatThrownBy(() -> count.finished("fourth")).isInstanceOf(IllegalStateException.class);
  }

  private static WorkPlan plan(String source, String digest) {
    return WorkPlan.of(
        "patching",
        "demo",
        PatchPlan.newBuilder().setSourceModel(source).build(),
        List.of(Model.newBuilder().setDigest(digest).build()));
  }
}

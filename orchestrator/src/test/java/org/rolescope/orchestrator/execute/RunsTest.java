package org.rolescope.orchestrator.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.plan.PlanJson;
import org.rolescope.orchestrator.plan.PromptCategory;
import org.rolescope.orchestrator.plan.PromptSet;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.testing.Bench;
import org.rolescope.orchestrator.testing.FakeModel;
import org.rolescope.orchestrator.testing.Folders;
import org.rolescope.orchestrator.testing.Plans;

final class RunsTest {
  @TempDir private Path root;

  @Test
  void everyWatcherSeesStepsAndTheEnd() {
    try (Bench bench = new Bench(root)) {
      bench.trouble().holdAfter(0);
      RunId id = bench.runs().start(Plans.comparing(), false).id();
      try (RunWatch givesUp = bench.runs().watch(id)) {
        assertTrue(givesUp.next(Duration.ZERO).isPresent());
      }
      try (RunWatch first = bench.runs().watch(id);
          RunWatch second = bench.runs().watch(id)) {
        bench.trouble().letGo();
        List<RunEvent> events = Bench.drain(first);
        assertEquals(events, Bench.drain(second));
        assertInstanceOf(RunEvent.Joined.class, events.getFirst());
        int steps = events.getLast().status().stepsTotal();
        assertEquals(steps + 2, events.size());
        assertEquals(RunState.COMPLETE, events.getLast().status().state());
        RunEvent.StepFinished step = (RunEvent.StepFinished) events.get(1);
        assertEquals("tiny-base: entropies of layer 0", step.step());
        assertEquals(1, step.status().stepsDone());
      }
      assertEquals(1, bench.events(id).size(), "a run that is over has nothing but its end");
    }
  }

  @Test
  void startingARunThatIsUnderWayReturnsIt() {
    try (Bench bench = new Bench(root)) {
      bench.trouble().holdAfter(1);
      RunId id = bench.runs().start(Plans.comparing(), false).id();
      RunStatus again = bench.runs().start(Plans.comparing(), false);
      assertEquals(id, again.id());
      assertEquals(RunState.RUNNING, again.state());
      assertFault(
          FaultCode.CONFLICT, "is under way", () -> bench.runs().start(Plans.comparing(), true));
      RunWatch watch = bench.runs().watch(id);
      bench.trouble().letGo();
      assertEquals(RunState.COMPLETE, Bench.drain(watch).getLast().status().state());
    }
  }

  @Test
  void freshMeasuresAgain() throws IOException {
    try (Bench bench = new Bench(root)) {
      RunStatus first = bench.finish(Plans.comparing());
      int messages = bench.trouble().passed();
      Object before = Folders.contents(first.folder());
      Files.writeString(first.folder().resolve("leftover.txt"), "from an earlier run");
      bench.events(bench.runs().start(Plans.comparing(), true).id());
      assertEquals(2 * messages, bench.trouble().passed());
      assertEquals(before, Folders.contents(first.folder()));
    }
  }

  @Test
  void aCancelledRunIsInterruptedAndGoesOn() {
    try (Bench bench = new Bench(root)) {
      bench.trouble().holdAfter(2);
      RunId id = bench.runs().start(Plans.comparing(), false).id();
      try (RunWatch watch = bench.runs().watch(id)) {
        bench.runs().cancel(id);
        RunStatus end = Bench.drain(watch).getLast().status();
        assertEquals(RunState.INTERRUPTED, end.state());
        assertEquals(Optional.empty(), end.failure());
      }
      bench.trouble().letGo();
      assertEquals(RunState.INTERRUPTED, bench.runs().status(id).state());
      assertEquals(RunState.COMPLETE, bench.finish(Plans.comparing()).state());
    }
  }

  @Test
  void twoOrchestratorsDoNotWorkOnOneRun() {
    try (Bench bench = new Bench(root);
        Bench other = new Bench(root)) {
      bench.trouble().holdAfter(1);
      RunId id = bench.runs().start(Plans.comparing(), false).id();
      assertEquals(RunState.RUNNING, other.runs().status(id).state());
      assertFault(
          FaultCode.CONFLICT,
          "another process",
          () -> other.runs().start(Plans.comparing(), false));
      assertFault(FaultCode.CONFLICT, "another process", () -> other.runs().watch(id));
      RunWatch watch = bench.runs().watch(id);
      bench.trouble().letGo();
      assertEquals(RunState.COMPLETE, Bench.drain(watch).getLast().status().state());
      assertEquals(RunState.COMPLETE, other.runs().status(id).state());
    }
  }

  @Test
  void aPlanThatCannotWorkLeavesNothingBehind() throws IOException {
    try (Bench bench = new Bench(root)) {
      assertFault(
          FaultCode.NOT_FOUND,
          "There is no model none",
          () -> bench.runs().start(Plans.plan(Optional.of("none"), Plans.prompts(), false), false));
      PromptSet tooLong =
          new PromptSet(
              "long",
              List.of(
                  new PromptCategory("self_referent", List.of("x ".repeat(50))),
                  new PromptCategory("confounder", List.of("x")),
                  new PromptCategory("neutral", List.of("x"))));
      assertFault(
          FaultCode.INVALID_ARGUMENT,
          "longer than the context",
          () -> bench.runs().start(Plans.plan(Optional.empty(), tooLong, false), false));
      bench.models().put(new FakeModel("deeper", "e".repeat(64), Bench.LAYERS + 1, 2));
      assertFault(
          FaultCode.INVALID_ARGUMENT,
          "have 3 and 4 layers",
          () ->
              bench.runs().start(Plans.plan(Optional.of("deeper"), Plans.prompts(), false), false));
      bench.models().put(new FakeModel("wider", "f".repeat(64), Bench.LAYERS, 3));
      assertFault(
          FaultCode.INVALID_ARGUMENT,
          "have 2 and 3 heads a layer",
          () ->
              bench.runs().start(Plans.plan(Optional.of("wider"), Plans.prompts(), false), false));
      ObjectNode normWeighted = PlanJson.write(Plans.single());
      ((ObjectNode) normWeighted.get("role_options")).put("entropy", "norm-weighted");
      assertFault(
          FaultCode.INVALID_ARGUMENT,
          "Model tiny-base offers no value norms",
          () -> bench.runs().start(PlanJson.read(normWeighted), false));
      assertEquals(0, Folders.contents(root).size());
      assertEquals(List.of(), bench.runs().list());
    }
  }

  @Test
  void anUnreachableServiceLeavesNothingBehind() throws IOException {
    try (Bench bench = new Bench(root)) {
      bench.stopServices();
      assertFault(
          FaultCode.UNAVAILABLE,
          "cannot be reached",
          () -> bench.runs().start(Plans.comparing(), false));
      assertEquals(0, Folders.contents(root).size());
    }
  }

  @Test
  void patternsThatDoNotFitIntoMemoryFailWithARemedy() {
    try (Bench bench = new Bench(root, 1000)) {
      RunStatus end = bench.finish(Plans.comparing());
      assertEquals(RunState.FAILED, end.state());
      assertTrue(end.failure().orElseThrow().contains("skip the raw patterns"), end::toString);
      assertEquals(Bench.LAYERS, end.stepsDone());
    }
  }

  @Test
  void anUnknownRunIsNotFound() {
    try (Bench bench = new Bench(root)) {
      RunId unknown = new RunId("tiny-0123456789ab");
      assertFault(FaultCode.NOT_FOUND, "There is no run", () -> bench.runs().status(unknown));
      assertFault(FaultCode.NOT_FOUND, "There is no run", () -> bench.runs().watch(unknown));
      bench.runs().cancel(unknown);
    }
  }

  @Test
  void aDamagedPlanIsLeftOutOfTheListAndMendedByAStart() throws IOException {
    try (Bench bench = new Bench(root)) {
      RunStatus end = bench.finish(Plans.comparing());
      Files.writeString(end.folder().resolve("plan.json"), "{");
      assertEquals(List.of(), bench.runs().list());
      assertFault(FaultCode.DATA_LOSS, "plan.json is damaged", () -> bench.runs().watch(end.id()));
      assertEquals(RunState.COMPLETE, bench.finish(Plans.comparing()).state());
      assertEquals(1, bench.runs().list().size());
    }
  }

  @Test
  void foldersThatAreNoRunsAreLeftAlone() throws IOException {
    Files.createDirectories(root.resolve("notes"));
    Files.writeString(root.resolve("notes/plan.json"), "mine");
    Files.createDirectories(root.resolve("tiny-0123456789ab"));
    try (Bench bench = new Bench(root)) {
      assertEquals(List.of(), bench.runs().list());
      bench.finish(Plans.single());
      bench.finish(Plans.comparing());
      List<RunStatus> runs = bench.runs().list();
      assertEquals(2, runs.size());
      assertTrue(runs.get(0).id().compareTo(runs.get(1).id()) < 0);
      assertNotEquals(runs.get(0).folder(), runs.get(1).folder());
    }
  }

  private static void assertFault(FaultCode code, String words, Executable action) {
    RolescopeException fault = assertThrows(RolescopeException.class, action);
    assertEquals(code, fault.code(), fault.getMessage());
    assertTrue(fault.getMessage().contains(words), fault.getMessage());
  }
}

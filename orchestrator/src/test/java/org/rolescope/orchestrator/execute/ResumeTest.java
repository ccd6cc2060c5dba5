package org.rolescope.orchestrator.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.orchestrator.testing.Bench;
import org.rolescope.orchestrator.testing.FakeModel;
import org.rolescope.orchestrator.testing.Folders;
import org.rolescope.orchestrator.testing.Plans;
import org.rolescope.v1.LayerRange;

final class ResumeTest {
  @TempDir private Path root;

  @Test
  void goesOnAfterAFailureAtAnyMessage() throws IOException {
    SortedMap<String, String> undisturbed;
    int messages;
    try (Bench bench = new Bench(root.resolve("undisturbed"))) {
      undisturbed = Folders.contents(bench.finish(Plans.comparing()).folder());
      messages = bench.trouble().passed();
    }
    assertTrue(messages > 30, () -> messages + " messages");
    for (int cut = 0; cut < messages; cut += cut < 8 ? 1 : 5) {
      assertEquals(undisturbed, filesAfterFailure(cut), "cut after message " + cut);
    }
  }

  @Test
  void failsAtEveryMessageInOneRunAndStillCompletes() throws IOException {
    try (Bench bench = new Bench(root)) {
      RunStatus status;
      int starts = 0;
      do {
        // Enough for a layer of patterns, which takes 8 messages, but never for a whole model.
        bench.trouble().failAfter(9);
        status = bench.finish(Plans.comparing());
        starts++;
      } while (status.state() == RunState.FAILED && starts < 30);
      assertEquals(RunState.COMPLETE, status.state());
      assertTrue(starts > 3, () -> "it failed too seldom to show anything");
    }
  }

  @Test
  void storesTheSentenceOfTheFailure() throws IOException {
    try (Bench bench = new Bench(root)) {
      bench.trouble().failAfter(1);
      RunStatus failed = bench.finish(Plans.comparing());
      assertEquals(RunState.FAILED, failed.state());
      assertTrue(failed.failure().orElseThrow().contains("cut on purpose"), failed::toString);
      assertEquals(1, failed.stepsDone());
      assertEquals(failed, bench.runs().status(failed.id()));
      bench.trouble().never();
      RunStatus complete = bench.finish(Plans.comparing());
      assertEquals(RunState.COMPLETE, complete.state());
      assertFalse(Files.exists(complete.folder().resolve("failure.txt")));
      String timings = Files.readString(complete.folder().resolve("timings.json"));
      assertTrue(timings.contains("\"failed\"") && timings.contains("\"complete\""), timings);
    }
  }

  @Test
  void asksForMissingLayersOnly() {
    try (Bench bench = new Bench(root)) {
      bench.trouble().failAfter(1);
      bench.finish(Plans.comparing());
      bench.trouble().never();
      bench.finish(Plans.comparing());
      assertEquals(range(0), bench.metrics().requests().get(0).getLayers());
      assertEquals(range(1), bench.metrics().requests().get(1).getLayers());
      assertEquals(3, bench.metrics().requests().size());
    }
  }

  @Test
  void asksForMissingPatternsOnly() {
    try (Bench bench = new Bench(root)) {
      int layerMessages = 2 * distinctLengths();
      bench.trouble().failAfter(Bench.LAYERS + layerMessages + 1);
      bench.finish(Plans.comparing());
      bench.trouble().never();
      bench.finish(Plans.comparing());
      assertEquals(range(0), bench.inference().requests().get(0).getLayers());
      assertEquals(range(1), bench.inference().requests().get(1).getLayers());
      assertEquals(2, bench.metrics().requests().size(), "entropies were all there");
    }
  }

  @Test
  void aCompleteRunIsNotMeasuredAgain() {
    try (Bench bench = new Bench(root)) {
      bench.finish(Plans.comparing());
      int messages = bench.trouble().passed();
      assertEquals(RunState.COMPLETE, bench.runs().start(Plans.comparing(), false).state());
      assertEquals(RunState.COMPLETE, bench.finish(Plans.comparing()).state());
      assertEquals(messages, bench.trouble().passed());
    }
  }

  @Test
  void aChangedModelIsAnotherRun() {
    try (Bench bench = new Bench(root)) {
      RunStatus before = bench.finish(Plans.comparing());
      bench.models().put(new FakeModel("tiny-base", "d".repeat(64), Bench.LAYERS, 2));
      RunStatus after = bench.finish(Plans.comparing());
      assertFalse(before.id().equals(after.id()));
      assertEquals(2, bench.runs().list().size());
    }
  }

  @Test
  void noticesAModelThatChangesUnderWay() throws Exception {
    try (Bench bench = new Bench(root)) {
      bench.trouble().holdAfter(1);
      RunStatus begun = bench.runs().start(Plans.comparing(), false);
      bench.models().put(new FakeModel("tiny-instruct", "d".repeat(64), Bench.LAYERS, 2));
      RunWatch watch = bench.runs().watch(begun.id());
      bench.trouble().letGo();
      RunStatus end = Bench.drain(watch).getLast().status();
      assertEquals(RunState.FAILED, end.state());
      assertTrue(end.failure().orElseThrow().contains("tiny-instruct changed"), end::toString);
    }
  }

  @Test
  void cleansUpWhatAKilledProcessLeft() throws IOException {
    try (Bench bench = new Bench(root)) {
      bench.trouble().failAfter(2);
      Path folder = bench.finish(Plans.comparing()).folder();
      Path partial = folder.resolve("results_tiny_activation/latest_run/.a.npz.partial");
      Files.createDirectories(partial.getParent());
      Files.writeString(partial, "half");
      bench.trouble().never();
      bench.finish(Plans.comparing());
      try (Stream<Path> files = Files.walk(folder)) {
        assertTrue(files.noneMatch(file -> file.toString().endsWith(".partial")));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 10, 40})
  void goesOnAfterItsProcessIsKilled(int messages) throws Exception {
    kill(root.resolve("killed"), messages);
    SortedMap<String, String> undisturbed;
    try (Bench bench = new Bench(root.resolve("undisturbed"))) {
      undisturbed = Folders.contents(bench.finish(Plans.comparing()).folder());
    }
    try (Bench bench = new Bench(root.resolve("killed"))) {
      assertEquals(RunState.INTERRUPTED, bench.runs().list().getFirst().state());
      RunStatus end = bench.finish(Plans.comparing());
      assertEquals(RunState.COMPLETE, end.state());
      assertEquals(undisturbed, Folders.contents(end.folder()));
    }
  }

  private SortedMap<String, String> filesAfterFailure(int cut) throws IOException {
    try (Bench bench = new Bench(root.resolve("cut-" + cut))) {
      bench.trouble().failAfter(cut);
      assertEquals(RunState.FAILED, bench.finish(Plans.comparing()).state());
      bench.trouble().never();
      RunStatus end = bench.finish(Plans.comparing());
      assertEquals(RunState.COMPLETE, end.state());
      assertEquals(end.stepsTotal(), end.stepsDone());
      return Folders.contents(end.folder());
    }
  }

  private static void kill(Path root, int messages) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                DyingRun.class.getName(),
                root.toString(),
                Integer.toString(messages))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the process did not die");
    assertEquals(9, process.exitValue());
  }

  private static int distinctLengths() {
    return (int)
        Plans.prompts().texts().stream().map(text -> text.split(" ").length).distinct().count();
  }

  private static LayerRange range(int first) {
    return LayerRange.newBuilder().setFirst(first).setLast(Bench.LAYERS - 1).build();
  }
}

package org.rolescope.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.cli.CommandProcess;
import org.rolescope.cli.CommandProcess.Outcome;

/** A run as it is made, seen from a page that was open before. */
@Timeout(600)
@ExtendWith(DashboardExtension.class)
final class LiveProgressIT {
  /** So many that a run takes long enough to be watched. */
  private static final int PROMPTS_PER_CATEGORY = 250;

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final double LOOK_AGAIN_MILLIS = 50;

  private static final String RUNNING =
      """
      async () => {
        const { items } = await (await fetch('api/v1/runs?state=running')).json();
        return items[0]?.id ?? '';
      }""";
  private static final String BAR = "() => document.querySelector('progress')?.value ?? null";
  private static final String HAS_FIGURES = "() => document.querySelector('#figures') !== null";

  @TempDir Path folder;

  @Test
  void aRunIsSeenToProgressAndToEnd(TestBrowser browser) throws Exception {
    exportModels();
    Files.writeString(folder.resolve("many.json"), manyPrompts());
    String[] options = {"--port", "0", "--http-port", "0", "--data", "data"};
    try (CommandProcess server = CommandProcess.serve(folder, options, "serve", "all")) {
      String said = server.nextLine();
      String base = said.substring(said.indexOf("http"), said.lastIndexOf('/') + 1);
      try (Visit visit = browser.visit(base)) {
        Page page = visit.open("#/runs").page();
        Process run = compare(server.address());
        try {
          String id =
              (String) until(page, () -> page.evaluate(RUNNING), found -> !found.equals(""));
          // Within the page: a page loaded anew would not have been open before.
          page.evaluate("id => { location.hash = '#/runs/' + id; }", id);
          SortedSet<Integer> seen = watch(page);
          assertThat(seen).as("steps the bar has shown").hasSizeGreaterThan(1);
        } finally {
          run.destroy();
        }
        assertThat(visit.settle().charts("#figures")).isNotEmpty();
        assertThat(visit.noise()).isEmpty();
      }
    }
  }

  /** What the bar shows until the figures are there; it never goes back. */
  private static SortedSet<Integer> watch(Page page) {
    SortedSet<Integer> seen = new TreeSet<>();
    until(
        page,
        () -> {
          Object value = page.evaluate(BAR);
          if (value instanceof Number steps) {
            assertThat(steps.intValue()).isGreaterThanOrEqualTo(seen.isEmpty() ? 0 : seen.last());
            seen.add(steps.intValue());
          }
          return page.evaluate(HAS_FIGURES);
        },
        Boolean.TRUE::equals);
    return seen;
  }

  private static Object until(Page page, Supplier<Object> look, Predicate<Object> enough) {
    Instant deadline = Instant.now().plus(PATIENCE);
    Object seen = look.get();
    while (!enough.test(seen)) {
      assertThat(Instant.now()).as("still " + seen).isBefore(deadline);
      page.waitForTimeout(LOOK_AGAIN_MILLIS);
      seen = look.get();
    }
    return seen;
  }

  private Process compare(String orchestrator) throws IOException {
    return CommandProcess.start(
        folder,
        Map.of(),
        "compare",
        "demo-base",
        "demo-instruct",
        "--family",
        "live",
        "--prompts",
        "many.json",
        "--data",
        "data",
        "--orchestrator",
        orchestrator);
  }

  private void exportModels() throws IOException, InterruptedException {
    for (String variant : List.of("base", "instruct")) {
      String checkpoint =
          Path.of("../examples/demo-models", variant).toAbsolutePath().normalize().toString();
      Outcome exported =
          CommandProcess.run(
              folder, "export", checkpoint, "--name", "demo-" + variant, "--data", "data");
      assertThat(exported.exitCode()).as(exported.err()).isZero();
    }
  }

  private static String manyPrompts() {
    ObjectNode set = new ObjectMapper().createObjectNode().put("name", "many");
    ObjectNode categories = set.putObject("categories");
    for (String category : List.of("self_referent", "confounder", "neutral", "third_person")) {
      IntStream.range(0, PROMPTS_PER_CATEGORY)
          .mapToObj(number -> "What is the %s number %d?".formatted(category, number))
          .forEach(categories.withArray(category)::add);
    }
    return set.toString();
  }
}

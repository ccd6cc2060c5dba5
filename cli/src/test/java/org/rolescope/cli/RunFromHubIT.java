package org.rolescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.cli.CommandProcess.Outcome;
import org.rolescope.export.testing.HubReply;
import org.rolescope.export.testing.LocalHub;

/** {@code rolescope run} of a family whose base is on a hub on this machine. */
@Timeout(600)
final class RunFromHubIT {
  private static final Path DEMO = Path.of("../examples/demo-models").toAbsolutePath().normalize();
  private static final String WEIGHTS = "model.safetensors";
  private static final List<String> PLAN =
      List.of("--prompts-per-category", "2", "--resamples", "50");

  private final CountDownLatch end = new CountDownLatch(1);
  @TempDir Path folder;
  private LocalHub hub;

  @BeforeEach
  void serve() throws IOException {
    hub = LocalHub.serving("demo/tiny-base", DEMO.resolve("base"));
    Files.writeString(
        folder.resolve("families.yml"),
        "families:\n  tiny:\n    base: demo/tiny-base\n    instruct: %s\n"
            .formatted(DEMO.resolve("instruct")));
  }

  @AfterEach
  void stop() {
    end.countDown();
    hub.close();
  }

  @Test
  void aDryRunFetchesTheConfigurationOnly() throws IOException, InterruptedException {
    Outcome dry = run("hf", "--dry-run");
    assertThat(dry.exitCode()).as(dry.err()).isZero();
    assertThat(dry.out())
        .containsPattern("tiny-base +demo/tiny-base +1,312,384 .* 2\\.7 MB ")
        .containsPattern("In all: 2\\.7 MB to download");
    assertThat(hub.requestsFor(WEIGHTS)).isEmpty();
    assertThat(hub.requestsFor("tokenizer.json")).isEmpty();
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void oneCommandGoesFromAnIdToATable() throws IOException, InterruptedException {
    Outcome outcome =
        CommandProcess.run(
            folder,
            environment("hf"),
            Stream.concat(
                    Stream.of("run", "--base", "demo/tiny-base", "--data", "data"), PLAN.stream())
                .toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("Fetched demo/tiny-base", "RFC [95% CI]", "Run tiny-base-", "report.html");
  }

  @Test
  void aRunKilledInItsDownloadEndsWithTheBytesOfOneThatWasNot()
      throws IOException, InterruptedException {
    hub.script(WEIGHTS, HubReply.stalled(1_500_000, end));
    Process killed = CommandProcess.start(folder, environment("hf"), command());
    Path part =
        folder
            .resolve("hf/hub/models--demo--tiny-base/blobs")
            .resolve(hub.checksum(WEIGHTS) + ".rolescope.incomplete");
    while (killed.isAlive() && (!Files.exists(part) || Files.size(part) < 1_000_000)) {
      Thread.onSpinWait();
    }
    assertThat(killed.isAlive()).isTrue();
    killed.destroyForcibly().waitFor();

    Outcome resumed = run("hf");
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.out()).contains("Fetched demo/tiny-base at commit " + LocalHub.COMMIT);
    assertThat(hub.requestsFor(WEIGHTS).getLast().range()).startsWith("bytes=");
    Map<String, byte[]> found = artifacts();

    Files.move(folder.resolve("data"), folder.resolve("first"));
    Outcome whole = run("elsewhere");
    assertThat(whole.exitCode()).as(whole.err()).isZero();
    assertThat(artifacts()).hasSizeGreaterThan(20).containsExactlyInAnyOrderEntriesOf(found);

    hub.close();
    Outcome offline = run("hf", "--offline");
    assertThat(offline.exitCode()).as(offline.err()).isZero();
    assertThat(offline.out())
        .contains("In all: nothing to download", "In the cache: demo/tiny-base at commit")
        .contains("This was measured before");
  }

  private Map<String, byte[]> artifacts() throws IOException {
    Path root = folder.resolve("data/runs");
    Map<String, byte[]> artifacts = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("timings.json")) {
          artifacts.put(root.relativize(file).toString(), Files.readAllBytes(file));
        }
      }
    }
    return artifacts;
  }

  private Outcome run(String home, String... more) throws IOException, InterruptedException {
    return CommandProcess.run(folder, environment(home), command(more));
  }

  private static String[] command(String... more) {
    return Stream.of(List.of("run", "--family", "tiny", "--data", "data"), PLAN, List.of(more))
        .flatMap(List::stream)
        .toArray(String[]::new);
  }

  private Map<String, String> environment(String home) {
    return Map.of(
        "HF_ENDPOINT", hub.endpoint().toString(), "HF_HOME", folder.resolve(home).toString());
  }
}

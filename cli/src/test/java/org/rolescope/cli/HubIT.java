package org.rolescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** {@code rolescope export ORG/NAME} against a hub on this machine. */
@Timeout(600)
final class HubIT {
  private static final Path DEMO_BASE = Path.of("../examples/demo-models/base").toAbsolutePath();
  private static final String WEIGHTS = "model.safetensors";

  private final CountDownLatch end = new CountDownLatch(1);
  @TempDir Path folder;
  private LocalHub hub;

  @BeforeEach
  void serve() throws IOException {
    hub = LocalHub.serving("demo/tiny-base", DEMO_BASE);
  }

  @AfterEach
  void stop() {
    end.countDown();
    hub.close();
  }

  @Test
  void fromAnEmptyCacheToAModelAndItsRun() throws IOException, InterruptedException {
    Outcome exported = run("export", "demo/tiny-base");
    assertThat(exported.exitCode()).as(exported.err()).isZero();
    assertThat(exported.out())
        .contains("Fetched demo/tiny-base at commit " + LocalHub.COMMIT + ": 6 files, 2.7 MB")
        .contains("Exported tiny-base: llama, 6 layers");
    assertThat(exported.err()).contains("looking for", "model.safetensors: 2.6 MB");
    Outcome analyzed =
        run("analyze", "tiny-base", "--prompts-per-category", "2", "--resamples", "50");
    assertThat(analyzed.exitCode()).as(analyzed.err()).isZero();
    assertThat(analyzed.out()).contains("RFC");

    hub.close();
    Outcome again = run("export", "demo/tiny-base", "--offline", "--name", "again");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out()).contains("In the cache: demo/tiny-base at commit");
    Outcome pinned = run("export", "demo/tiny-base", "--offline", "--revision", LocalHub.COMMIT);
    assertThat(pinned.out()).contains("Already there: tiny-base");
  }

  @Test
  void aKilledDownloadGoesOnAndGivesTheSameBytes() throws IOException, InterruptedException {
    hub.script(WEIGHTS, HubReply.stalled(1_500_000, end));
    Process killed =
        CommandProcess.start(folder, environment(), command("export", "demo/tiny-base"));
    Path part =
        folder.resolve("hf/hub/models--demo--tiny-base/blobs").resolve(hub.checksum(WEIGHTS));
    part = part.resolveSibling(part.getFileName() + ".rolescope.incomplete");
    while (killed.isAlive() && (!Files.exists(part) || Files.size(part) < 1_000_000)) {
      Thread.onSpinWait();
    }
    assertThat(killed.isAlive()).isTrue();
    killed.destroyForcibly().waitFor();
    long leftBytes = Files.size(part);
    assertThat(folder.resolve("data/models/tiny-base")).doesNotExist();
    Outcome offline = run("export", "demo/tiny-base", "--offline");
    assertThat(offline.exitCode()).isEqualTo(2);
    assertThat(offline.err()).contains("has no whole copy of demo/tiny-base");

    Outcome resumed = run("export", "demo/tiny-base");
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(hub.requestsFor(WEIGHTS).getLast().range()).isEqualTo("bytes=" + leftBytes + "-");
    assertThat(part).doesNotExist();
    for (Map.Entry<String, Path> file : files(DEMO_BASE).entrySet()) {
      assertThat(snapshot().resolve(file.getKey())).hasSameBinaryContentAs(file.getValue());
    }
    Outcome local =
        run("export", DEMO_BASE.toString(), "--name", "local", "--layers-per-stage", "1");
    assertThat(local.exitCode()).as(local.err()).isZero();
    Map<String, Path> expected = files(folder.resolve("data/models/local"));
    Map<String, Path> actual = files(folder.resolve("data/models/tiny-base"));
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    for (Map.Entry<String, Path> file : expected.entrySet()) {
      if (!file.getKey().equals("rolescope.json")) { // It names where the weights lie.
        assertThat(actual.get(file.getKey())).hasSameBinaryContentAs(file.getValue());
      }
    }
  }

  @Test
  void whatCannotBeHadIsNamed() throws IOException, InterruptedException {
    assertRefused("has no model demo/none", "export", "demo/none");
    hub.script(LocalHub.LISTING, HubReply.status(401, "X-Error-Code", "GatedRepo"));
    assertRefused("accept its terms at " + hub.endpoint(), "export", "demo/tiny-base");
    hub.script(LocalHub.LISTING, HubReply.status(429, "Retry-After", "7200"));
    assertRefused("takes no more requests for 7200 s", "export", "demo/tiny-base");
    assertRefused("is no revision", "export", "demo/tiny-base", "--revision", "../up");
    assertRefused("--revision is for models on the hub", "export", "nowhere", "--revision", "v1");
    Files.createDirectories(folder.resolve("demo/tiny-base"));
    assertRefused("has no file config.json", "export", "demo/tiny-base");
    assertThat(folder.resolve("data")).doesNotExist();
  }

  private void assertRefused(String words, String... arguments)
      throws IOException, InterruptedException {
    Outcome outcome = run(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains(words).doesNotContain("Exception");
  }

  private Path snapshot() {
    return folder.resolve("hf/hub/models--demo--tiny-base/snapshots").resolve(LocalHub.COMMIT);
  }

  private static Map<String, Path> files(Path root) throws IOException {
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> found = Files.walk(root)) {
      found
          .filter(Files::isRegularFile)
          .forEach(file -> files.put(root.relativize(file).toString(), file));
    }
    return files;
  }

  private Outcome run(String... arguments) throws IOException, InterruptedException {
    return CommandProcess.run(folder, environment(), command(arguments));
  }

  private static String[] command(String... arguments) {
    return Stream.concat(Stream.of(arguments), Stream.of("--data", "data")).toArray(String[]::new);
  }

  private Map<String, String> environment() {
    return Map.of(
        "HF_ENDPOINT", hub.endpoint().toString(), "HF_HOME", folder.resolve("hf").toString());
  }
}

package org.rolescope.export.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.rolescope.export.testing.DemoModels;
import org.rolescope.export.testing.FileTree;
import org.rolescope.export.testing.LocalHub;
import org.rolescope.export.testing.SnapshotCopy;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Downloads of a demo model from a hub on this machine to a cache; the hub ends with close. */
final class LocalDownloads implements AutoCloseable {
  static final HubModel MODEL = HubModel.of("demo/tiny-base");
  static final String WEIGHTS = "model.safetensors";
  static final int WEIGHTS_BYTES = 2_630_760;

  /** Waits for nothing, so that attempts follow each other. */
  static final HubPatience IMPATIENT =
      new HubPatience(
          3,
          Duration.ofNanos(1),
          Duration.ofNanos(2),
          Duration.ZERO,
          Duration.ofSeconds(9),
          Duration.ofSeconds(20));

  private static final int NO_LIMIT = Integer.MAX_VALUE;

  private final ProgressLog progress = new ProgressLog();
  private final Path folder;
  private final LocalHub hub;

  /** Serves the model beside two files that no download needs; the cache is made in the folder. */
  LocalDownloads(Path folder) throws IOException {
    this.folder = folder;
    hub = LocalHub.serving(MODEL.id(), DemoModels.snapshot("base"));
    hub.put("README.md", new byte[10]).put("pytorch_model.bin", new byte[10]);
  }

  /** What serves the model. */
  LocalHub hub() {
    return hub;
  }

  /** What all downloads have told so far. */
  ProgressLog progress() {
    return progress;
  }

  Path cache() {
    return folder.resolve("cache");
  }

  /** Names of the files in the cache that hold the model's bytes. */
  List<String> blobs() throws IOException {
    return names(cache().resolve("models--demo--tiny-base/blobs"));
  }

  HubSettings settings(Optional<String> token) {
    return new HubSettings(hub.endpoint(), token, cache(), false, 4);
  }

  Hub client() {
    return client(settings(Optional.empty()), IMPATIENT);
  }

  Hub clientWithToken(String token) {
    return client(settings(Optional.of(token)), IMPATIENT);
  }

  Hub offline() {
    return client(settings(Optional.empty()).withOffline(true), IMPATIENT);
  }

  private static Hub client(HubSettings settings, HubPatience patience) {
    return new Hub(settings, patience, any -> NO_LIMIT);
  }

  /** Looks and fetches; the folder of the snapshot. */
  Path fetch() {
    return fetch(IMPATIENT);
  }

  Path fetch(HubPatience patience) {
    Hub client = client(settings(Optional.empty()), patience);
    return client.fetch(client.look(MODEL, progress), progress);
  }

  /** Serves the weights in {@code a.safetensors} and {@code b.safetensors}, with an index. */
  void serveShards() throws IOException {
    Path copy = SnapshotCopy.in(folder).inShards("a.safetensors", "b.safetensors").folder();
    hub.remove(WEIGHTS);
    for (Map.Entry<String, Path> file : FileTree.files(copy).entrySet()) {
      hub.put(file.getKey(), Files.readAllBytes(file.getValue()));
    }
  }

  /** Names of what a folder holds, sorted. */
  static List<String> names(Path parent) throws IOException {
    try (Stream<Path> files = Files.list(parent)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  static HubFile weights(HubSnapshot snapshot) {
    return snapshot.files().stream()
        .filter(file -> file.name().equals(WEIGHTS))
        .findFirst()
        .orElseThrow();
  }

  /** That a snapshot has the needed files with the bytes served, and no others. */
  static void assertServed(Path snapshot) throws IOException {
    Map<String, Path> expected = new TreeMap<>(FileTree.files(DemoModels.snapshot("base")));
    assertThat(names(snapshot)).containsExactlyElementsOf(expected.keySet());
    for (Map.Entry<String, Path> file : expected.entrySet()) {
      assertThat(snapshot.resolve(file.getKey())).hasSameBinaryContentAs(file.getValue());
    }
  }

  /** That looking and fetching fails with one sentence that has these parts. */
  void assertFault(FaultCode code, String... parts) {
    assertOneSentence(code, this::fetch, parts);
  }

  /** That looking alone fails with one sentence that has these parts. */
  void assertLookFault(FaultCode code, String... parts) {
    assertOneSentence(code, () -> client().look(MODEL), parts);
  }

  private static void assertOneSentence(FaultCode code, Runnable action, String... parts) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            RolescopeException.class, fault -> assertThat(fault.code()).isEqualTo(code))
        .hasMessageNotContaining("\n")
        .message()
        .contains(parts);
  }

  @Override
  public void close() {
    hub.close();
  }
}

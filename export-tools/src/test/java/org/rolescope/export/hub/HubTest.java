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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.export.ExportRequest;
import org.rolescope.export.Exporter;
import org.rolescope.export.testing.DemoModels;
import org.rolescope.export.testing.FileTree;
import org.rolescope.export.testing.HubReply;
import org.rolescope.export.testing.LocalHub;
import org.rolescope.export.testing.SnapshotCopy;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Downloads from a hub on this machine, with all that can go wrong on the way. */
final class HubTest {
  private static final HubModel MODEL = HubModel.of("demo/tiny-base");
  private static final String WEIGHTS = "model.safetensors";
  private static final int WEIGHTS_BYTES = 2_630_760;
  private static final int NO_LIMIT = Integer.MAX_VALUE;

  /** Waits for nothing, so that attempts follow each other. */
  private static final HubPatience IMPATIENT =
      new HubPatience(
          3,
          Duration.ofNanos(1),
          Duration.ofNanos(2),
          Duration.ZERO,
          Duration.ofSeconds(9),
          Duration.ofSeconds(20));

  private final CountDownLatch end = new CountDownLatch(1);
  private final Reported progress = new Reported();
  @TempDir Path folder;
  private LocalHub hub;

  @BeforeEach
  void serve() throws IOException {
    hub = LocalHub.serving(MODEL.id(), DemoModels.snapshot("base"));
    hub.put("README.md", new byte[10]).put("pytorch_model.bin", new byte[10]);
  }

  @AfterEach
  void stop() {
    end.countDown();
    hub.close();
  }

  @Test
  void whatIsNeededIsKnownBeforeItIsFetched() throws IOException {
    HubSnapshot found = hub().look(MODEL);
    assertThat(found.commit()).isEqualTo(LocalHub.COMMIT);
    assertThat(found.files())
        .extracting(HubFile::name)
        .containsExactly(
            "config.json",
            "generation_config.json",
            WEIGHTS,
            "special_tokens_map.json",
            "tokenizer.json",
            "tokenizer_config.json");
    assertThat(found.isCached()).isFalse();
    assertThat(found.sizeBytes()).isEqualTo(found.missingBytes()).isEqualTo(2_688_912);
    assertThat(cache()).doesNotExist();
  }

  @Test
  void aSnapshotHasTheServedBytesInTheStandardLayout() throws IOException {
    Path snapshot = fetch();
    Path model = cache().resolve("models--demo--tiny-base");
    assertThat(snapshot).isEqualTo(model.resolve("snapshots").resolve(LocalHub.COMMIT));
    assertServed(snapshot);
    assertThat(model.resolve("refs/main")).hasContent(LocalHub.COMMIT);
    assertThat(names(model.resolve("blobs")))
        .containsExactlyInAnyOrderElementsOf(
            names(snapshot).stream().map(name -> hub.checksum(name)).toList());
    for (String name : names(snapshot)) {
      assertThat(Files.readSymbolicLink(snapshot.resolve(name)))
          .isEqualTo(Path.of("..", "..", "blobs", hub.checksum(name)));
    }
    assertThat(progress.last).containsEntry(WEIGHTS, (long) WEIGHTS_BYTES).hasSize(6);
    assertThat(progress.completed).doesNotHaveDuplicates().hasSize(6);
    assertThat(progress.retries).isEmpty();
  }

  @Test
  void aSnapshotCanBeExported() throws IOException {
    ExportRequest request = ExportRequest.of(fetch(), folder.resolve("bundle"));
    ExportRequest original =
        ExportRequest.of(DemoModels.snapshot("base"), folder.resolve("original"));
    assertThat(new Exporter().export(request).manifest().digest())
        .isEqualTo(new Exporter().export(original).manifest().digest());
  }

  @Test
  void whatIsInTheCacheIsNotFetchedAgain() throws IOException {
    fetch();
    int before = hub.requests().size();
    HubSnapshot found = hub().look(MODEL);
    assertThat(found.isCached()).isTrue();
    assertThat(found.missingBytes()).isZero();
    assertServed(hub().fetch(found, progress));
    assertThat(hub.requests()).hasSize(before + 1);
  }

  @Test
  void anotherRevisionWithTheSameContentNeedsNoDownload() throws IOException {
    fetch();
    HubModel tagged = new HubModel(MODEL.id(), "refs/pr/1");
    hub().fetch(hub().look(tagged), progress);
    assertThat(hub.requestsFor(WEIGHTS)).hasSize(1);
    assertThat(cache().resolve("models--demo--tiny-base/refs/refs/pr/1"))
        .hasContent(LocalHub.COMMIT);
    HubModel pinned = new HubModel(MODEL.id(), LocalHub.COMMIT);
    assertServed(hub().fetch(hub().look(pinned), progress));
  }

  @Test
  void theTokenGoesToTheHubAlone() throws IOException {
    hub(settings(Optional.of("hf_secret")), IMPATIENT)
        .fetch(hub(settings(Optional.of("hf_secret")), IMPATIENT).look(MODEL), progress);
    assertThat(hub.requests())
        .allSatisfy(
            request ->
                assertThat(request.authorization())
                    .isEqualTo(request.stored() ? null : "Bearer hf_secret"));
    assertThat(hub.requests()).anyMatch(LocalHub.Request::stored);
    assertThat(settings(Optional.of("hf_secret")).toString()).doesNotContain("secret");
  }

  @Test
  void weightsInSeveralFilesAreThoseTheIndexNames() throws IOException {
    serveShards();
    hub.put("consolidated.safetensors", new byte[100]);
    HubSnapshot found = hub().look(MODEL);
    assertThat(found.files())
        .extracting(HubFile::name)
        .contains("a.safetensors", "b.safetensors", "model.safetensors.index.json")
        .doesNotContain("consolidated.safetensors");
    Path snapshot = hub().fetch(found, progress);
    assertThat(
            new Exporter()
                .export(ExportRequest.of(snapshot, folder.resolve("bundle")))
                .manifest()
                .weightFiles())
        .hasSize(2);
    assertThat(offline().look(MODEL).files()).hasSameSizeAs(found.files());
  }

  @Test
  void aBrokenTransferGoesOnWhereItBroke() throws IOException {
    hub.script(WEIGHTS, HubReply.broken(1_000_000), HubReply.broken(500_000));
    assertServed(fetch());
    List<LocalHub.Request> requests = hub.requestsFor(WEIGHTS);
    assertThat(requests).hasSize(3);
    assertThat(firstByte(requests.get(1))).isBetween(1L, 1_000_000L);
    assertThat(firstByte(requests.get(2))).isBetween(1L, 1_500_000L);
    assertThat(progress.retries).hasSize(2).allMatch(reason -> reason.contains("broke"));
  }

  @Test
  void aTransferMayBreakOftenAsLongAsItGoesOn() throws IOException {
    HubReply[] breaks = new HubReply[10];
    java.util.Arrays.fill(breaks, HubReply.broken(200_000));
    hub.script(WEIGHTS, breaks);
    assertServed(fetch());
    assertThat(hub.requestsFor(WEIGHTS)).hasSize(11);
  }

  @Test
  void whatAFailedDownloadLeftIsResumed() throws IOException {
    hub.script(
        WEIGHTS,
        HubReply.broken(1_000_000),
        HubReply.status(500),
        HubReply.status(500),
        HubReply.status(500),
        HubReply.status(500),
        HubReply.status(500));
    assertFault(FaultCode.UNAVAILABLE, "status 500", "goes on where it was");
    assertThat(blobs()).doesNotContain(hub.checksum(WEIGHTS));
    HubFile left = weights(hub().look(MODEL));
    assertThat(left.cached()).isFalse();
    assertThat(left.partBytes()).isBetween(1L, 1_000_000L);
    assertServed(fetch());
    assertThat(firstByte(hub.requestsFor(WEIGHTS).getLast())).isEqualTo(left.partBytes());
  }

  @Test
  void aHubWithoutRangesIsReadFromTheBeginning() throws IOException {
    hub.script(WEIGHTS, HubReply.broken(1_000_000), HubReply.WITHOUT_RANGES);
    assertServed(fetch());
  }

  @Test
  void aSpoiltPartIsFetchedAgainFromTheBeginning() throws IOException {
    Path part = cache().resolve("models--demo--tiny-base/blobs");
    Files.createDirectories(part);
    Files.write(part.resolve(hub.checksum(WEIGHTS) + ".rolescope.incomplete"), new byte[5000]);
    assertServed(fetch());
    assertThat(hub.requestsFor(WEIGHTS)).hasSize(2);
    assertThat(blobs()).hasSize(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {WEIGHTS, "tokenizer.json"})
  void aWrongChecksumEntersNothing(String file) throws IOException {
    hub.script(file, HubReply.altered(77));
    assertFault(FaultCode.DATA_LOSS, file, "arrived damaged", hub.checksum(file));
    assertThat(blobs()).doesNotContain(hub.checksum(file));
    assertServed(fetch());
  }

  @ParameterizedTest
  @ValueSource(ints = {5000, -5000})
  void aLyingContentLengthIsNotBelieved(int bytes) throws IOException {
    hub.script(WEIGHTS, HubReply.longer(bytes), HubReply.longer(bytes), HubReply.longer(bytes));
    assertFault(
        FaultCode.UNAVAILABLE,
        "says that " + WEIGHTS + " has " + WEIGHTS_BYTES + " bytes but sends ",
        String.valueOf(WEIGHTS_BYTES + bytes));
    assertServed(fetch());
  }

  @Test
  void moreBytesThanListedAreNotWritten() throws IOException {
    HubReply more = HubReply.silentlyLonger(5000);
    hub.script(WEIGHTS, more, more, more, more, more, more);
    assertFault(FaultCode.UNAVAILABLE, "but sends more");
    assertThat(blobs()).doesNotContain(hub.checksum(WEIGHTS));
    assertServed(fetch());
  }

  @Test
  void fewerBytesThanListedAreAskedForAgain() throws IOException {
    hub.script(WEIGHTS, HubReply.silentlyLonger(-5000));
    assertServed(fetch());
    assertThat(progress.retries).singleElement().asString().contains("of " + WEIGHTS_BYTES);
  }

  @Test
  void otherBytesThanThoseAskedForAreNotWritten() throws IOException {
    hub.script(WEIGHTS, HubReply.broken(1_000_000), HubReply.shifted(10));
    assertServed(fetch());
  }

  @Test
  void aStalledConnectionIsNoticedAndResumed() throws IOException {
    hub.script(WEIGHTS, HubReply.stalled(1_000_000, end));
    Path snapshot = fetch(withStall(Duration.ofSeconds(1)));
    assertServed(snapshot);
    assertThat(progress.retries).anyMatch(reason -> reason.contains("stalled"));
    assertThat(firstByte(hub.requestsFor(WEIGHTS).getLast())).isPositive();
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 408, 429})
  void troubleThatPassesIsWaitedFor(int status) throws IOException {
    hub.script(LocalHub.LISTING, HubReply.status(status, "Retry-After", "0"));
    hub.script("config.json", HubReply.status(status));
    hub.script(WEIGHTS, HubReply.status(status), HubReply.status(403));
    assertServed(fetch());
    assertThat(hub.requestsFor(WEIGHTS)).hasSize(3);
  }

  @Test
  void theHubSaysHowLongToWait() throws IOException {
    hub.script("config.json", HubReply.status(429, "Retry-After", "1"));
    assertServed(fetch());
    assertThat(progress.delays).allMatch(delay -> delay.toMillis() >= 800).hasSize(1);
    hub.script(LocalHub.LISTING, HubReply.status(429, "Retry-After", "3600"));
    assertThatThrownBy(() -> hub().look(MODEL))
        .isInstanceOf(RolescopeException.class)
        .hasMessageContaining("takes no more requests for 3600 s; run it again after that");
    hub.script(
        LocalHub.LISTING,
        HubReply.status(429, "Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT"),
        HubReply.status(429),
        HubReply.status(429));
    assertLookFault(FaultCode.UNAVAILABLE, "takes no more requests for now (status 429)");
  }

  @Test
  void aGatedModelIsNamedWithTheRemedy() {
    hub.script(LocalHub.LISTING, HubReply.status(401, "X-Error-Code", "GatedRepo"));
    assertLookFault(FaultCode.NOT_FOUND, "gated", "accept its terms at", "HF_TOKEN");
    hub.script(LocalHub.LISTING, HubReply.status(401));
    assertLookFault(FaultCode.NOT_FOUND, "demo/tiny-base", "everyone may read", "HF_TOKEN");
    hub.script(LocalHub.LISTING, HubReply.status(403));
    assertThatThrownBy(() -> hub(settings(Optional.of("hf_x")), IMPATIENT).look(MODEL))
        .hasMessageContaining("does not let the token given read demo/tiny-base (status 403)");
    hub.script("config.json", HubReply.status(403, "X-Error-Code", "GatedRepo"));
    assertFault(FaultCode.NOT_FOUND, "gated");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatThrownBy(() -> hub().look(HubModel.of("demo/none")))
        .hasMessageContaining("has no model demo/none; check the id");
    hub.script(LocalHub.LISTING, HubReply.status(404, "X-Error-Code", "RevisionNotFound"));
    assertThatThrownBy(() -> hub().look(new HubModel(MODEL.id(), "v9")))
        .hasMessageContaining("has no revision v9");
    hub.script("config.json", HubReply.status(404));
    assertFault(FaultCode.NOT_FOUND, "lists the file config.json of demo/tiny-base");
    hub.script(LocalHub.LISTING, HubReply.status(418));
    assertLookFault(FaultCode.UNAVAILABLE, "status 418", "HF_ENDPOINT");
  }

  @Test
  void withoutNetworkTheHubIsNamed() throws IOException {
    fetch();
    hub.close();
    assertLookFault(
        FaultCode.UNAVAILABLE,
        hub.endpoint().getRawAuthority() + " cannot be reached",
        "take the copy in the cache with --offline");
    assertServed(offline().fetch(offline().look(MODEL), progress));
  }

  @Test
  void offlineOnlyAWholeCopyCounts() throws IOException {
    assertThatThrownBy(() -> offline().look(MODEL))
        .hasMessageContaining("has no whole copy of demo/tiny-base at revision main")
        .hasMessageContaining("without --offline");
    Path snapshot = fetch();
    HubSnapshot found = offline().look(MODEL);
    assertThat(found.isCached()).isTrue();
    assertThat(found.folder()).isEqualTo(snapshot);
    assertThat(weights(found).checksum()).isEqualTo(hub.checksum(WEIGHTS));
    Files.delete(snapshot.resolve("../../blobs").resolve(hub.checksum(WEIGHTS)));
    assertThatThrownBy(() -> offline().look(MODEL)).hasMessageContaining("lacks " + WEIGHTS);
    assertThat(weights(hub().look(MODEL)).cached()).isFalse();
    assertServed(fetch());
  }

  @Test
  void aDiskThatIsTooSmallIsKnownFirst() {
    Hub small = new Hub(settings(Optional.empty()), IMPATIENT, any -> 1_500_000);
    assertThatThrownBy(() -> small.fetch(small.look(MODEL), progress))
        .isInstanceOf(RolescopeException.class)
        .hasMessageContaining("needs 2.7 MB but")
        .hasMessageContaining("only 1.5 MB free")
        .hasMessageContaining("HF_HUB_CACHE");
    assertThat(cache()).doesNotExist();
  }

  @Test
  void aCacheThatCannotBeWrittenIsNamed() throws IOException {
    Files.writeString(cache(), "a file");
    assertFault(
        FaultCode.RESOURCE_EXHAUSTED,
        "The cache " + cache() + " cannot be written (",
        "HF_HUB_CACHE");
  }

  @Test
  void modelsInOtherFormatsAreRefusedBeforeTheDownload() {
    hub.remove(WEIGHTS);
    assertLookFault(FaultCode.MALFORMED_MODEL, "no weights", "pytorch_model.bin", "safetensors");
    hub.remove("pytorch_model.bin");
    assertLookFault(FaultCode.MALFORMED_MODEL, "no weights as model.safetensors");
    hub.put(WEIGHTS, new byte[1]).remove("tokenizer.json");
    assertLookFault(FaultCode.MALFORMED_MODEL, "no tokenizer.json");
  }

  @Test
  void anIndexThatNamesWhatIsNotThereIsRefused() throws IOException {
    serveShards();
    hub.remove("b.safetensors");
    assertLookFault(FaultCode.MALFORMED_MODEL, "names b.safetensors but there is no such file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../config.json",
        "/etc/passwd",
        "a/../../b.safetensors",
        "a//b",
        "..",
        "C:\\x.json",
        "\\\\server\\share",
        "a\\..\\b",
        "config\u0000.json",
        "line\nbreak.json",
        ""
      })
  void aHostileFileNameIsRefused(String name) {
    var listing = hub.listing();
    ((com.fasterxml.jackson.databind.node.ArrayNode) listing.get("siblings"))
        .addObject()
        .put("rfilename", name)
        .put("size", 1)
        .put("blobId", "a".repeat(40));
    hub.list(listing.toString());
    assertLookFault(FaultCode.MALFORMED_MODEL, "which no file may be called");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no json",
        "{}",
        "{\"sha\": \"../../x\", \"siblings\": []}",
        "{\"sha\": \"0123456789abcdef0123456789abcdef01234567\"}",
        "{\"sha\": \"0123456789abcdef0123456789abcdef01234567\", \"siblings\": [{\"rfilename\":"
            + " \"a\"}, {\"rfilename\": \"a\"}]}"
      })
  void aHostileListIsRefused(String json) {
    hub.list(json);
    assertLookFault(FaultCode.MALFORMED_MODEL, "What 127.0.0.1:", "cannot be used");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"size\":668, \"size\":-1",
        "\"size\":668, \"size\":1e99",
        "\"size\":668, \"size\":\"x\"",
        "\"blobId\":\", \"blobId\":\"../../"
      })
  void hostileSizesAndChecksumsAreRefused(String change) {
    String[] words = change.split(", ");
    String listing = hub.listing().toString();
    hub.list(listing.replace(words[0], words[1]));
    assertThat(listing).contains(words[0]);
    assertLookFault(FaultCode.MALFORMED_MODEL, "config.json", "cannot be used");
  }

  @Test
  void anEndlessRedirectEnds() {
    HubReply again = HubReply.status(302, "Location", "/api/models/demo/tiny-base/revision/x");
    HubReply[] replies = new HubReply[20];
    java.util.Arrays.fill(replies, again);
    hub.script(LocalHub.LISTING, replies);
    assertLookFault(FaultCode.MALFORMED_MODEL, "more than 10 redirects");
    hub.script(WEIGHTS, HubReply.status(302, "Location", "file:///etc/passwd"));
    assertFault(FaultCode.MALFORMED_MODEL, "redirects to file:///etc/passwd");
  }

  @Test
  void twoDownloadsAtOnceFetchOnce() throws Exception {
    HubSnapshot found = hub().look(MODEL);
    CountDownLatch started = new CountDownLatch(1);
    hub.script(
        WEIGHTS,
        (exchange, content) -> {
          started.countDown();
          HubReply.RIGHT.send(exchange, content);
        });
    Thread other = Thread.ofPlatform().start(() -> hub().fetch(found, HubProgress.silent()));
    started.await();
    assertServed(hub().fetch(found, progress));
    other.join();
    assertThat(hub.requestsFor(WEIGHTS)).hasSize(1);
  }

  private void serveShards() throws IOException {
    Path copy = SnapshotCopy.in(folder).inShards("a.safetensors", "b.safetensors").folder();
    hub.remove(WEIGHTS);
    for (Map.Entry<String, Path> file : FileTree.files(copy).entrySet()) {
      hub.put(file.getKey(), Files.readAllBytes(file.getValue()));
    }
  }

  private Path cache() {
    return folder.resolve("cache");
  }

  private List<String> blobs() throws IOException {
    return names(cache().resolve("models--demo--tiny-base/blobs"));
  }

  private static List<String> names(Path parent) throws IOException {
    try (Stream<Path> files = Files.list(parent)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private HubSettings settings(Optional<String> token) {
    return new HubSettings(hub.endpoint(), token, cache(), false, 4);
  }

  private Hub hub() {
    return hub(settings(Optional.empty()), IMPATIENT);
  }

  private Hub offline() {
    return hub(settings(Optional.empty()).withOffline(true), IMPATIENT);
  }

  private static Hub hub(HubSettings settings, HubPatience patience) {
    return new Hub(settings, patience, any -> NO_LIMIT);
  }

  private static HubPatience withStall(Duration stall) {
    return new HubPatience(
        9, Duration.ofNanos(1), Duration.ofNanos(2), Duration.ZERO, Duration.ZERO, stall);
  }

  private Path fetch() {
    return fetch(IMPATIENT);
  }

  private Path fetch(HubPatience patience) {
    Hub hub = hub(settings(Optional.empty()), patience);
    return hub.fetch(hub.look(MODEL, progress), progress);
  }

  private static HubFile weights(HubSnapshot snapshot) {
    return snapshot.files().stream()
        .filter(file -> file.name().equals(WEIGHTS))
        .findFirst()
        .orElseThrow();
  }

  private static long firstByte(LocalHub.Request request) {
    return request.range() == null ? 0 : Long.parseLong(request.range().replaceAll("\\D", ""));
  }

  private void assertServed(Path snapshot) throws IOException {
    Map<String, Path> expected = new TreeMap<>(FileTree.files(DemoModels.snapshot("base")));
    assertThat(names(snapshot)).containsExactlyElementsOf(expected.keySet());
    for (Map.Entry<String, Path> file : expected.entrySet()) {
      assertThat(snapshot.resolve(file.getKey())).hasSameBinaryContentAs(file.getValue());
    }
  }

  private void assertFault(FaultCode code, String... parts) {
    assertOneSentence(code, this::fetch, parts);
  }

  private void assertLookFault(FaultCode code, String... parts) {
    assertOneSentence(code, () -> hub().look(MODEL), parts);
  }

  private static void assertOneSentence(FaultCode code, Runnable action, String... parts) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            RolescopeException.class, fault -> assertThat(fault.code()).isEqualTo(code))
        .hasMessageNotContaining("\n")
        .message()
        .contains(parts);
  }

  /** Remembers what it is told. */
  private static final class Reported implements HubProgress {
    private final Map<String, Long> last = new ConcurrentHashMap<>();
    private final List<String> completed = new CopyOnWriteArrayList<>();
    private final List<String> retries = new CopyOnWriteArrayList<>();
    private final List<Duration> delays = new CopyOnWriteArrayList<>();

    @Override
    public void update(String file, long doneBytes, long totalBytes) {
      last.put(file, doneBytes);
      if (doneBytes == totalBytes) {
        completed.add(file);
      }
    }

    @Override
    public void retry(String reason, Duration delay) {
      retries.add(reason);
      delays.add(delay);
    }
  }
}

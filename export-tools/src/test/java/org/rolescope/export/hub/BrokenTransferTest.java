package org.rolescope.export.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rolescope.export.hub.LocalDownloads.MODEL;
import static org.rolescope.export.hub.LocalDownloads.WEIGHTS;
import static org.rolescope.export.hub.LocalDownloads.WEIGHTS_BYTES;
import static org.rolescope.export.hub.LocalDownloads.assertServed;
import static org.rolescope.export.hub.LocalDownloads.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.export.testing.HubReply;
import org.rolescope.export.testing.LocalHub;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Transfers that break, stall or bring other bytes: what is resumed, waited for or refused. */
final class BrokenTransferTest {
  private final CountDownLatch end = new CountDownLatch(1);
  @TempDir Path folder;
  private LocalDownloads downloads;
  private LocalHub hub;

  @BeforeEach
  void serve() throws IOException {
    downloads = new LocalDownloads(folder);
    hub = downloads.hub();
  }

  @AfterEach
  void stop() {
    end.countDown();
    downloads.close();
  }

  @Test
  void aBrokenTransferGoesOnWhereItBroke() throws IOException {
    hub.script(WEIGHTS, HubReply.broken(1_000_000), HubReply.broken(500_000));
    assertServed(downloads.fetch());
    List<LocalHub.Request> requests = hub.requestsFor(WEIGHTS);
    assertThat(requests).hasSize(3);
    assertThat(firstByte(requests.get(1))).isBetween(1L, 1_000_000L);
    assertThat(firstByte(requests.get(2))).isBetween(1L, 1_500_000L);
    assertThat(downloads.progress().retries())
        .hasSize(2)
        .allMatch(reason -> reason.contains("broke"));
  }

  @Test
  void aTransferMayBreakOftenAsLongAsItGoesOn() throws IOException {
    HubReply[] breaks = new HubReply[10];
    Arrays.fill(breaks, HubReply.broken(200_000));
    hub.script(WEIGHTS, breaks);
    assertServed(downloads.fetch());
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
    downloads.assertFault(FaultCode.UNAVAILABLE, "status 500", "goes on where it was");
    assertThat(downloads.blobs()).doesNotContain(hub.checksum(WEIGHTS));
    HubFile left = weights(downloads.client().look(MODEL));
    assertThat(left.cached()).isFalse();
    assertThat(left.partBytes()).isBetween(1L, 1_000_000L);
    assertServed(downloads.fetch());
    assertThat(firstByte(hub.requestsFor(WEIGHTS).getLast())).isEqualTo(left.partBytes());
  }

  @Test
  void aHubWithoutRangesIsReadFromTheBeginning() throws IOException {
    hub.script(WEIGHTS, HubReply.broken(1_000_000), HubReply.WITHOUT_RANGES);
    assertServed(downloads.fetch());
  }

  @Test
  void aSpoiltPartIsFetchedAgainFromTheBeginning() throws IOException {
    Path part = downloads.cache().resolve("models--demo--tiny-base/blobs");
    Files.createDirectories(part);
    Files.write(part.resolve(hub.checksum(WEIGHTS) + ".rolescope.incomplete"), new byte[5000]);
    assertServed(downloads.fetch());
    assertThat(hub.requestsFor(WEIGHTS)).hasSize(2);
    assertThat(downloads.blobs()).hasSize(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {WEIGHTS, "tokenizer.json"})
  void aWrongChecksumEntersNothing(String file) throws IOException {
    hub.script(file, HubReply.altered(77));
    downloads.assertFault(FaultCode.DATA_LOSS, file, "arrived damaged", hub.checksum(file));
    assertThat(downloads.blobs()).doesNotContain(hub.checksum(file));
    assertServed(downloads.fetch());
  }

  @ParameterizedTest
  @ValueSource(ints = {5000, -5000})
  void aLyingContentLengthIsNotBelieved(int bytes) throws IOException {
    hub.script(WEIGHTS, HubReply.longer(bytes), HubReply.longer(bytes), HubReply.longer(bytes));
    downloads.assertFault(
        FaultCode.UNAVAILABLE,
        "says that " + WEIGHTS + " has " + WEIGHTS_BYTES + " bytes but sends ",
        String.valueOf(WEIGHTS_BYTES + bytes));
    assertServed(downloads.fetch());
  }

  @Test
  void moreBytesThanListedAreNotWritten() throws IOException {
    HubReply more = HubReply.silentlyLonger(5000);
    hub.script(WEIGHTS, more, more, more, more, more, more);
    downloads.assertFault(FaultCode.UNAVAILABLE, "but sends more");
    assertThat(downloads.blobs()).doesNotContain(hub.checksum(WEIGHTS));
    assertServed(downloads.fetch());
  }

  @Test
  void fewerBytesThanListedAreAskedForAgain() throws IOException {
    hub.script(WEIGHTS, HubReply.silentlyLonger(-5000));
    assertServed(downloads.fetch());
    assertThat(downloads.progress().retries())
        .singleElement()
        .asString()
        .contains("of " + WEIGHTS_BYTES);
  }

  @Test
  void otherBytesThanThoseAskedForAreNotWritten() throws IOException {
    hub.script(WEIGHTS, HubReply.broken(1_000_000), HubReply.shifted(10));
    assertServed(downloads.fetch());
  }

  @Test
  void aStalledConnectionIsNoticedAndResumed() throws IOException {
    hub.script(WEIGHTS, HubReply.stalled(1_000_000, end));
    Path snapshot = downloads.fetch(withStall(Duration.ofSeconds(1)));
    assertServed(snapshot);
    assertThat(downloads.progress().retries()).anyMatch(reason -> reason.contains("stalled"));
    assertThat(firstByte(hub.requestsFor(WEIGHTS).getLast())).isPositive();
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 408, 429})
  void troubleThatPassesIsWaitedFor(int status) throws IOException {
    hub.script(LocalHub.LISTING, HubReply.status(status, "Retry-After", "0"));
    hub.script("config.json", HubReply.status(status));
    hub.script(WEIGHTS, HubReply.status(status), HubReply.status(403));
    assertServed(downloads.fetch());
    assertThat(hub.requestsFor(WEIGHTS)).hasSize(3);
  }

  @Test
  void theHubSaysHowLongToWait() throws IOException {
    hub.script("config.json", HubReply.status(429, "Retry-After", "1"));
    assertServed(downloads.fetch());
    assertThat(downloads.progress().delays()).allMatch(delay -> delay.toMillis() >= 800).hasSize(1);
    hub.script(LocalHub.LISTING, HubReply.status(429, "Retry-After", "3600"));
    assertThatThrownBy(() -> downloads.client().look(MODEL))
        .isInstanceOf(RolescopeException.class)
        .hasMessageContaining("takes no more requests for 3600 s; run it again after that");
    hub.script(
        LocalHub.LISTING,
        HubReply.status(429, "Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT"),
        HubReply.status(429),
        HubReply.status(429));
    downloads.assertLookFault(FaultCode.UNAVAILABLE, "takes no more requests for now (status 429)");
  }

  private static HubPatience withStall(Duration stall) {
    return new HubPatience(
        9, Duration.ofNanos(1), Duration.ofNanos(2), Duration.ZERO, Duration.ZERO, stall);
  }

  private static long firstByte(LocalHub.Request request) {
    return request.range() == null ? 0 : Long.parseLong(request.range().replaceAll("\\D", ""));
  }
}

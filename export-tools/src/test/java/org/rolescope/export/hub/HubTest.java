package org.rolescope.export.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rolescope.export.hub.LocalDownloads.MODEL;
import static org.rolescope.export.hub.LocalDownloads.WEIGHTS;
import static org.rolescope.export.hub.LocalDownloads.WEIGHTS_BYTES;
import static org.rolescope.export.hub.LocalDownloads.assertServed;
import static org.rolescope.export.hub.LocalDownloads.names;
import static org.rolescope.export.hub.LocalDownloads.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.export.ExportRequest;
import org.rolescope.export.Exporter;
import org.rolescope.export.testing.DemoModels;
import org.rolescope.export.testing.HubReply;
import org.rolescope.export.testing.LocalHub;

/** What is downloaded from a hub on this machine, and what the cache then holds. */
final class HubTest {
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
    downloads.close();
  }

  @Test
  void whatIsNeededIsKnownBeforeItIsFetched() throws IOException {
    HubSnapshot found = downloads.client().look(MODEL);
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
    assertThat(downloads.cache()).doesNotExist();
  }

  @Test
  void aSnapshotHasTheServedBytesInTheStandardLayout() throws IOException {
    Path snapshot = downloads.fetch();
    Path model = downloads.cache().resolve("models--demo--tiny-base");
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
    assertThat(downloads.progress().last()).containsEntry(WEIGHTS, (long) WEIGHTS_BYTES).hasSize(6);
    assertThat(downloads.progress().completed()).doesNotHaveDuplicates().hasSize(6);
    assertThat(downloads.progress().retries()).isEmpty();
  }

  @Test
  void aSnapshotCanBeExported() throws IOException {
    ExportRequest request = ExportRequest.of(downloads.fetch(), folder.resolve("bundle"));
    ExportRequest original =
        ExportRequest.of(DemoModels.snapshot("base"), folder.resolve("original"));
    assertThat(new Exporter().export(request).manifest().digest())
        .isEqualTo(new Exporter().export(original).manifest().digest());
  }

  @Test
  void whatIsInTheCacheIsNotFetchedAgain() throws IOException {
    downloads.fetch();
    int before = hub.requests().size();
    HubSnapshot found = downloads.client().look(MODEL);
    assertThat(found.isCached()).isTrue();
    assertThat(found.missingBytes()).isZero();
    assertServed(downloads.client().fetch(found, downloads.progress()));
    assertThat(hub.requests()).hasSize(before + 1);
  }

  @Test
  void anotherRevisionWithTheSameContentNeedsNoDownload() throws IOException {
    downloads.fetch();
    HubModel tagged = new HubModel(MODEL.id(), "refs/pr/1");
    downloads.client().fetch(downloads.client().look(tagged), downloads.progress());
    assertThat(hub.requestsFor(WEIGHTS)).hasSize(1);
    assertThat(downloads.cache().resolve("models--demo--tiny-base/refs/refs/pr/1"))
        .hasContent(LocalHub.COMMIT);
    HubModel pinned = new HubModel(MODEL.id(), LocalHub.COMMIT);
    assertServed(downloads.client().fetch(downloads.client().look(pinned), downloads.progress()));
  }

  @Test
  void theTokenGoesToTheHubAlone() throws IOException {
    Hub client = downloads.clientWithToken("hf_secret");
    client.fetch(client.look(MODEL), downloads.progress());
    assertThat(hub.requests())
        .allSatisfy(
            request ->
                assertThat(request.authorization())
                    .isEqualTo(request.stored() ? null : "Bearer hf_secret"));
    assertThat(hub.requests()).anyMatch(LocalHub.Request::stored);
    assertThat(downloads.settings(Optional.of("hf_secret")).toString()).doesNotContain("secret");
  }

  @Test
  void weightsInSeveralFilesAreThoseTheIndexNames() throws IOException {
    downloads.serveShards();
    hub.put("consolidated.safetensors", new byte[100]);
    HubSnapshot found = downloads.client().look(MODEL);
    assertThat(found.files())
        .extracting(HubFile::name)
        .contains("a.safetensors", "b.safetensors", "model.safetensors.index.json")
        .doesNotContain("consolidated.safetensors");
    Path snapshot = downloads.client().fetch(found, downloads.progress());
    assertThat(
            new Exporter()
                .export(ExportRequest.of(snapshot, folder.resolve("bundle")))
                .manifest()
                .weightFiles())
        .hasSize(2);
    assertThat(downloads.offline().look(MODEL).files()).hasSameSizeAs(found.files());
  }

  @Test
  void offlineOnlyAWholeCopyCounts() throws IOException {
    assertThatThrownBy(() -> downloads.offline().look(MODEL))
        .hasMessageContaining("has no whole copy of demo/tiny-base at revision main")
        .hasMessageContaining("without --offline");
    Path snapshot = downloads.fetch();
    HubSnapshot found = downloads.offline().look(MODEL);
    assertThat(found.isCached()).isTrue();
    assertThat(found.folder()).isEqualTo(snapshot);
    assertThat(weights(found).checksum()).isEqualTo(hub.checksum(WEIGHTS));
    Files.delete(snapshot.resolve("../../blobs").resolve(hub.checksum(WEIGHTS)));
    assertThatThrownBy(() -> downloads.offline().look(MODEL))
        .hasMessageContaining("lacks " + WEIGHTS);
    assertThat(weights(downloads.client().look(MODEL)).cached()).isFalse();
    assertServed(downloads.fetch());
  }

  @Test
  void twoDownloadsAtOnceFetchOnce() throws Exception {
    HubSnapshot found = downloads.client().look(MODEL);
    CountDownLatch started = new CountDownLatch(1);
    hub.script(
        WEIGHTS,
        (exchange, content) -> {
          started.countDown();
          HubReply.RIGHT.send(exchange, content);
        });
    Thread other =
        Thread.ofPlatform().start(() -> downloads.client().fetch(found, HubProgress.silent()));
    started.await();
    Path fetched = downloads.client().fetch(found, downloads.progress());
    // The other one may still be linking what is there already.
    other.join();
    assertServed(fetched);
    assertThat(hub.requestsFor(WEIGHTS)).hasSize(1);
  }
}

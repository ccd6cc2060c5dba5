package org.rolescope.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.export.testing.SafetensorsBytes;
import org.rolescope.export.testing.SnapshotCopy;

/** Equal digests mean equal results, and nothing else moves a digest. */
class BundleDigestTest {
  private static final WeightLinker NO_LINKS =
      (link, existing) -> {
        throw new IOException("Invalid cross-device link");
      };

  @TempDir Path folder;
  private SnapshotCopy snapshot;
  private String digest;

  @BeforeEach
  void exportOnce() throws IOException {
    snapshot = SnapshotCopy.in(folder);
    digest = digest(new Exporter(), "first");
  }

  @Test
  void linksDoNotMatter() {
    assertEquals(digest, digest(new Exporter(NO_LINKS), "unlinked"));
  }

  @Test
  void oneLinkOfTwoDoesNotMatter() throws IOException {
    snapshot.inShards("a.safetensors", "b.safetensors");
    String linked = digest(new Exporter(), "linked");
    WeightLinker first =
        (link, existing) -> {
          if (link.endsWith("b.safetensors")) {
            throw new IOException("Too many links");
          }
          Files.createLink(link, existing);
        };
    assertEquals(linked, digest(new Exporter(first), "half"));
    assertNotEquals(digest, linked, "other files");
  }

  @Test
  void placeOfTheCheckpointDoesNotMatter() throws IOException {
    Files.move(snapshot.folder(), folder.resolve("elsewhere"));
    ExportRequest request = ExportRequest.of(folder.resolve("elsewhere"), folder.resolve("second"));
    assertEquals(digest, new Exporter().export(request).manifest().digest());
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "tokenizer.json", "generation_config.json"})
  void everySideFileMatters(String name) throws IOException {
    Files.writeString(snapshot.file(name), Files.readString(snapshot.file(name)) + "\n");
    assertNotEquals(digest, digest(new Exporter(), "second"));
  }

  @Test
  void oneWeightMatters() throws IOException {
    Path file = snapshot.file("model.safetensors");
    Map<String, SafetensorsBytes.Tensor> tensors = SafetensorsBytes.read(file);
    Files.delete(file);
    tensors.put("model.norm.weight", SafetensorsBytes.spoilt("BF16", 128, 127, 0x3f80));
    SafetensorsBytes.write(file, tensors);
    assertNotEquals(digest, digest(new Exporter(), "second"));
  }

  @Test
  void stageSizeMatters() {
    ExportRequest request =
        ExportRequest.of(snapshot.folder(), folder.resolve("second")).withLayersPerStage(2);
    assertNotEquals(digest, new Exporter().export(request).manifest().digest());
  }

  private String digest(Exporter exporter, String name) {
    return exporter
        .export(ExportRequest.of(snapshot.folder(), folder.resolve(name)))
        .manifest()
        .digest();
  }
}

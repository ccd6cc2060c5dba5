package org.rolescope.export.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rolescope.export.hub.LocalDownloads.MODEL;
import static org.rolescope.export.hub.LocalDownloads.WEIGHTS;
import static org.rolescope.export.hub.LocalDownloads.assertServed;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
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

/** What cannot be downloaded, and hostile answers: what is refused, and how it is said. */
final class HubRefusalTest {
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
  void aGatedModelIsNamedWithTheRemedy() {
    hub.script(LocalHub.LISTING, HubReply.status(401, "X-Error-Code", "GatedRepo"));
    downloads.assertLookFault(FaultCode.NOT_FOUND, "gated", "accept its terms at", "HF_TOKEN");
    hub.script(LocalHub.LISTING, HubReply.status(401));
    downloads.assertLookFault(
        FaultCode.NOT_FOUND, "demo/tiny-base", "everyone may read", "HF_TOKEN");
    hub.script(LocalHub.LISTING, HubReply.status(403));
    assertThatThrownBy(() -> downloads.clientWithToken("hf_x").look(MODEL))
        .hasMessageContaining("does not let the token given read demo/tiny-base (status 403)");
    hub.script("config.json", HubReply.status(403, "X-Error-Code", "GatedRepo"));
    downloads.assertFault(FaultCode.NOT_FOUND, "gated");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatThrownBy(() -> downloads.client().look(HubModel.of("demo/none")))
        .hasMessageContaining("has no model demo/none; check the id");
    hub.script(LocalHub.LISTING, HubReply.status(404, "X-Error-Code", "RevisionNotFound"));
    assertThatThrownBy(() -> downloads.client().look(new HubModel(MODEL.id(), "v9")))
        .hasMessageContaining("has no revision v9");
    hub.script("config.json", HubReply.status(404));
    downloads.assertFault(FaultCode.NOT_FOUND, "lists the file config.json of demo/tiny-base");
    hub.script(LocalHub.LISTING, HubReply.status(418));
    downloads.assertLookFault(FaultCode.UNAVAILABLE, "status 418", "HF_ENDPOINT");
  }

  @Test
  void withoutNetworkTheHubIsNamed() throws IOException {
    downloads.fetch();
    hub.close();
    downloads.assertLookFault(
        FaultCode.UNAVAILABLE,
        hub.endpoint().getRawAuthority() + " cannot be reached",
        "take the copy in the cache with --offline");
    assertServed(downloads.offline().fetch(downloads.offline().look(MODEL), downloads.progress()));
  }

  @Test
  void aDiskThatIsTooSmallIsKnownFirst() {
    Hub small =
        new Hub(downloads.settings(Optional.empty()), LocalDownloads.IMPATIENT, any -> 1_500_000);
    assertThatThrownBy(() -> small.fetch(small.look(MODEL), downloads.progress()))
        .isInstanceOf(RolescopeException.class)
        .hasMessageContaining("needs 2.7 MB but")
        .hasMessageContaining("only 1.5 MB free")
        .hasMessageContaining("HF_HUB_CACHE");
    assertThat(downloads.cache()).doesNotExist();
  }

  @Test
  void aCacheThatCannotBeWrittenIsNamed() throws IOException {
    Files.writeString(downloads.cache(), "a file");
    downloads.assertFault(
        FaultCode.RESOURCE_EXHAUSTED,
        "The cache " + downloads.cache() + " cannot be written (",
        "HF_HUB_CACHE");
  }

  @Test
  void modelsInOtherFormatsAreRefusedBeforeTheDownload() {
    hub.remove(WEIGHTS);
    downloads.assertLookFault(
        FaultCode.MALFORMED_MODEL, "no weights", "pytorch_model.bin", "safetensors");
    hub.remove("pytorch_model.bin");
    downloads.assertLookFault(FaultCode.MALFORMED_MODEL, "no weights as model.safetensors");
    hub.put(WEIGHTS, new byte[1]).remove("tokenizer.json");
    downloads.assertLookFault(FaultCode.MALFORMED_MODEL, "no tokenizer.json");
  }

  @Test
  void anIndexThatNamesWhatIsNotThereIsRefused() throws IOException {
    downloads.serveShards();
    hub.remove("b.safetensors");
    downloads.assertLookFault(
        FaultCode.MALFORMED_MODEL, "names b.safetensors but there is no such file");
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
    ((ArrayNode) listing.get("siblings"))
        .addObject()
        .put("rfilename", name)
        .put("size", 1)
        .put("blobId", "a".repeat(40));
    hub.list(listing.toString());
    downloads.assertLookFault(FaultCode.MALFORMED_MODEL, "which no file may be called");
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
    downloads.assertLookFault(FaultCode.MALFORMED_MODEL, "What 127.0.0.1:", "cannot be used");
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
    downloads.assertLookFault(FaultCode.MALFORMED_MODEL, "config.json", "cannot be used");
  }

  @Test
  void anEndlessRedirectEnds() {
    HubReply again = HubReply.status(302, "Location", "/api/models/demo/tiny-base/revision/x");
    HubReply[] replies = new HubReply[20];
    Arrays.fill(replies, again);
    hub.script(LocalHub.LISTING, replies);
    downloads.assertLookFault(FaultCode.MALFORMED_MODEL, "more than 10 redirects");
    hub.script(WEIGHTS, HubReply.status(302, "Location", "file:///etc/passwd"));
    downloads.assertFault(FaultCode.MALFORMED_MODEL, "redirects to file:///etc/passwd");
  }
}

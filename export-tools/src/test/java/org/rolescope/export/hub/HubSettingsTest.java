package org.rolescope.export.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.fault.RolescopeException;

/** The environment variables of Python's library mean the same here. */
final class HubSettingsTest {
  @TempDir Path home;

  @Test
  void defaults() {
    HubSettings settings = HubSettings.of(Map.of("HOME", home.toString()));
    assertThat(settings.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
    assertThat(settings.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(settings.token()).isEmpty();
    assertThat(settings.offline()).isFalse();
    assertThat(settings.parallelism()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "HF_HUB_CACHE, /x/c, HF_HOME, /x/h, /x/c",
    "HF_HOME, /x/h, XDG_CACHE_HOME, /x/g, /x/h/hub",
    "XDG_CACHE_HOME, /x/g, HF_HUB_CACHE, '', /x/g/huggingface/hub"
  })
  void theCache(String first, String value, String second, String other, String cache) {
    assertThat(HubSettings.of(Map.of(first, value, second, other)).cache())
        .isEqualTo(Path.of(cache).toAbsolutePath());
  }

  @Test
  void aTildeIsTheHome() {
    assertThat(HubSettings.of(Map.of("HOME", home.toString(), "HF_HOME", "~/hf")).cache())
        .isEqualTo(home.resolve("hf/hub"));
  }

  @Test
  void theTokenIsInAVariableOrAFile() throws IOException {
    Files.writeString(home.resolve("token"), "hf_file\n");
    Files.writeString(home.resolve("other"), "hf_other\n");
    String here = home.toString();
    assertThat(HubSettings.of(Map.of("HF_HOME", here)).token()).contains("hf_file");
    assertThat(HubSettings.of(Map.of("HF_HOME", here, "HF_TOKEN", " ")).token())
        .contains("hf_file");
    assertThat(HubSettings.of(Map.of("HF_HOME", here, "HF_TOKEN", "hf_x ")).token())
        .contains("hf_x");
    String path = home.resolve("other").toString();
    assertThat(HubSettings.of(Map.of("HF_HOME", here, "HF_TOKEN_PATH", path)).token())
        .contains("hf_other");
    assertThatThrownBy(() -> HubSettings.of(Map.of("HF_TOKEN", "hf_x\r\nHost: y")))
        .isInstanceOf(RolescopeException.class)
        .hasMessageContaining("HF_TOKEN")
        .hasMessageNotContaining("hf_x");
  }

  @ParameterizedTest
  @CsvSource({"1, true", "ON, true", "yes, true", "True, true", "0, false", "no, false"})
  void offline(String value, boolean offline) {
    HubSettings settings = HubSettings.of(Map.of("HF_HUB_OFFLINE", value));
    assertThat(settings.offline()).isEqualTo(offline);
    assertThat(settings.withOffline(true).offline()).isTrue();
    assertThat(settings.withOffline(false).offline()).isEqualTo(offline);
  }

  @Test
  void anEndpointMayHaveAPathAndASlash() {
    assertThat(HubSettings.of(Map.of("HF_ENDPOINT", "https://mirror.example/hf/")).endpoint())
        .isEqualTo(URI.create("https://mirror.example/hf"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mirror.example", "ftp://x", "https://", "https://u:p@x", "https://x?y", "a b"})
  void whatIsNoEndpoint(String endpoint) {
    assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", endpoint)))
        .isInstanceOf(RolescopeException.class)
        .hasMessageContaining("which is no address of a hub");
  }
}

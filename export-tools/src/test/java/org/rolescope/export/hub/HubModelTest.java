package org.rolescope.export.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Ids and revisions become folders and addresses. */
final class HubModelTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HuggingFaceTB/SmolLM2-135M",
        "meta-llama/Llama-3.1-8B-Instruct",
        "Qwen/Qwen2.5-7B",
        "a/b",
        "mistralai/Mistral-7B-v0.3",
        "_a/b_"
      })
  void idsOfModels(String id) {
    assertThat(HubModel.of(id).id()).isEqualTo(id);
    assertThat(HubModel.of(id).revision()).isEqualTo("main");
    assertThat(HubModel.of(id).name()).isEqualTo(id.split("/")[1]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "gpt2", "a/", "/b", "a/b/c", "../b", "a/..", "./b", "a/.b", "a/b.", "-a/b", "a/b-",
        "a/b..c", "a/b--c", "a\\b/c", "a/b c", "a/b\n", "a/b?x", "a/b%2e", "C:/x", "a/ü"
      })
  void whatIsNoId(String id) {
    assertThat(HubModel.isId(id)).isFalse();
    assertThatThrownBy(() -> HubModel.of(id))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.INVALID_ARGUMENT))
        .hasMessageContaining("ORG/NAME")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "main",
        "v1.0",
        "refs/pr/3",
        "step-1000",
        "0123456789abcdef0123456789abcdef01234567"
      })
  void revisions(String revision) {
    assertThat(new HubModel("a/b", revision).revision()).isEqualTo(revision);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "..", "../x", "a/../b", "/a", "a/", "a//b", "a\\b", "a b", "a\u0000", "a.lock"
      })
  void whatIsNoRevision(String revision) {
    assertThatThrownBy(() -> new HubModel("a/b", revision))
        .isInstanceOf(RolescopeException.class)
        .hasMessageContaining("is no revision; give a branch, a tag or a commit");
  }

  @Test
  void anIdOfManyDotsIsReadInNoTime() {
    assertThat(HubModel.isId("a/" + ".".repeat(100_000))).isFalse();
  }
}

package org.rolescope.inference.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.fault.RolescopeException;

final class CaptureSelectionTest {
  @Test
  void layersBehindTheLastOneWantedNeedNotRun() {
    CaptureSelection selection = new CaptureSelection(Set.of("pattern"), 1, 2);
    assertThat(selection.needsLayer(0)).isTrue();
    assertThat(selection.needsLayer(2)).isTrue();
    assertThat(selection.needsLayer(3)).isFalse();
    assertThat(selection.wants("pattern", 0)).isFalse();
    assertThat(selection.wants("pattern", 1)).isTrue();
    assertThat(selection.wants("z", 1)).isFalse();
  }

  @Test
  void logitsNeedEveryLayer() {
    CaptureSelection selection = new CaptureSelection(Set.of("logits", "pattern"), 0, 0);
    assertThat(selection.needsLayer(5)).isTrue();
    assertThat(selection.wants("pattern", 5)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0, 6", "3, 2", "-1, 2", "6, 6"})
  void layersTheModelLacksAreRefused(int first, int last) {
    CaptureSelection selection = new CaptureSelection(Set.of("pattern"), first, last);
    assertThatThrownBy(() -> selection.checkLayers(6))
        .isInstanceOf(RolescopeException.class)
        .hasMessageContaining("layers 0 to 5");
  }

  @Test
  void somethingMustBeAskedFor() {
    assertThatThrownBy(() -> new CaptureSelection(Set.of(), 0, 0))
        .isInstanceOf(RolescopeException.class)
        .hasMessageContaining("value_norm, pattern, z, mlp_out, resid_post or logits");
  }
}

package org.rolescope.inference.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.tensors.bundle.AttentionKind;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.ModelDimensions;
import org.rolescope.tensors.bundle.Stage;

/**
 * What is decided before any stage is loaded; refusals of requests are in InterventionRefusalIT.
 */
final class InterventionsTest {
  private static final List<TokenizedPrompt> PROMPTS =
      List.of(new TokenizedPrompt(List.of(2L, 5L), List.of("a", "b")));
  private static final InterventionLimits LIMITS = new InterventionLimits(1, 0);

  @Test
  void wholeModelsAreNotIntervenedOn() {
    List<Intervention> interventions =
        List.of(new Intervention(0, List.of(), new Site.MlpScale(0)));
    assertThatThrownBy(() -> Interventions.of(interventions, wholeModel(), PROMPTS, LIMITS))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.INVALID_ARGUMENT))
        .hasMessageContaining("runs as it was made; export its checkpoint");
  }

  @Test
  void wholeModelsHaveNoVariants() {
    List<List<Intervention>> variants =
        List.of(List.of(new Intervention(0, List.of(), new Site.MlpScale(0))));
    assertThatThrownBy(() -> Variants.of(variants, wholeModel(), PROMPTS, false, LIMITS))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.INVALID_ARGUMENT))
        .hasMessageContaining("runs as it was made; export its checkpoint");
  }

  @Test
  void noInterventionsSuitEveryModelAndChangeNothing() {
    Interventions none = Interventions.of(List.of(), wholeModel(), PROMPTS, LIMITS);
    assertThat(none).isSameAs(Interventions.NONE);
    assertThat(none.areFor(PROMPTS)).isTrue();
    assertThat(none.changes(0, 1)).isEmpty();
  }

  private static BundleManifest wholeModel() {
    return new BundleManifest(
        BundleManifest.FORMAT_VERSION,
        "test",
        "abc",
        new ModelDimensions("onnx", 2, 4, 4, 0, 12, 0, 100, 64, 1000),
        null,
        0,
        List.of(new Stage("stages/model.onnx", Stage.Kind.MODEL, 0, 1, List.of(), List.of())),
        List.of(),
        "tokenizer.json",
        AttentionKind.CAUSAL,
        List.of(),
        null);
  }
}

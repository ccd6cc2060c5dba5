package org.rolescope.orchestrator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rolescope.orchestrator.testing.AblationPlans.answer;
import static org.rolescope.orchestrator.testing.AblationPlans.head;
import static org.rolescope.orchestrator.testing.AblationPlans.layer;
import static org.rolescope.orchestrator.testing.AblationPlans.mlp;
import static org.rolescope.orchestrator.testing.AblationPlans.named;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.testing.AblationPlans;
import org.rolescope.v1.Ablation;
import org.rolescope.v1.AblationMethod;
import org.rolescope.v1.NamedIntervention;

final class InterventionPlanTest {
  private static final AblationMethod ZERO = AblationMethod.ABLATION_METHOD_ZERO_OUT;

  @Test
  void namesAreThoseOfTheStudy() {
    assertThat(AblationNames.folder(head(29, 26, ZERO))).isEqualTo("sh_29_26_zero_out");
    assertThat(AblationNames.folder(layer(3, AblationMethod.ABLATION_METHOD_REFERENCE_UNIFORM)))
        .isEqualTo("ah_3_reference_uniform");
    assertThat(AblationNames.folder(mlp(0, AblationMethod.ABLATION_METHOD_MEAN)))
        .isEqualTo("mlp_0_mean");
    assertThat(AblationNames.method("half_out")).contains(AblationMethod.ABLATION_METHOD_HALF_OUT);
    assertThat(AblationNames.method("unspecified")).isEmpty();
  }

  @Test
  void whatCannotBeDoneIsRefused() {
    refused("has no interventions", AblationPlans::of);
    refused(
        "has intervention a twice", one(named("a", head(0, 0, ZERO)), named("a", mlp(0, ZERO))));
    refused("`a/b` cannot name a folder", one(named("a/b", head(0, 0, ZERO))));
    refused("`..` cannot name a folder", one(named("..", head(0, 0, ZERO))));
    refused("Intervention a ablates nothing", one(named("a")));
    refused(
        "names no known method",
        one(named("a", head(0, 0, AblationMethod.ABLATION_METHOD_UNSPECIFIED))));
    refused(
        "does not say what it ablates",
        one(named("a", Ablation.newBuilder().setMethod(ZERO).build())));
    refused("names head 2 of an MLP", one(named("a", mlp(0, ZERO).toBuilder().setHead(2).build())));
    refused(
        "by a method for attention",
        one(named("a", mlp(0, AblationMethod.ABLATION_METHOD_UNIFORM))));
    refused(
        "Intervention a ablates head 1 of layer 0 twice",
        one(named("a", layer(0, ZERO), head(0, 1, ZERO))));
    refused(
        "Intervention a ablates the MLP of layer 2 twice",
        one(named("a", mlp(2, ZERO), mlp(2, ZERO))));
    refused(
        "answers to 1 of 8 prompts",
        () -> AblationPlans.answered(List.of(answer("a", "b")), named("a", head(0, 0, ZERO))));
  }

  @Test
  void differentHeadsAndLayersGoTogether() {
    AblationPlans.of(
        named("a", head(0, 0, ZERO), head(0, 1, ZERO), layer(1, ZERO), mlp(0, ZERO), mlp(1, ZERO)));
  }

  private static ThrowingCallable one(NamedIntervention... interventions) {
    return () -> AblationPlans.of(interventions);
  }

  private static void refused(String sentence, ThrowingCallable plan) {
    assertThatThrownBy(plan)
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.INVALID_ARGUMENT))
        .hasMessageContaining(sentence);
  }
}

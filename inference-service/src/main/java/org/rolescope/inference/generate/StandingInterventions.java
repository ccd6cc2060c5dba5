package org.rolescope.inference.generate;

import java.util.List;
import java.util.Optional;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.intervene.HeadMethod;
import org.rolescope.inference.intervene.Intervention;
import org.rolescope.inference.intervene.InterventionLimits;
import org.rolescope.inference.intervene.Interventions;
import org.rolescope.inference.intervene.Site;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.tensors.bundle.BundleManifest;

/** Interventions that hold for a prompt and all tokens that follow it. */
final class StandingInterventions {
  /**
   * What such an intervention gives a graph is the same for every token. So its inputs are made for
   * a prompt of one token, and broadcast over any number.
   */
  private static final List<TokenizedPrompt> ONE_TOKEN =
      List.of(new TokenizedPrompt(List.of(0L), List.of("")));

  private StandingInterventions() {}

  /**
   * Checks interventions.
   *
   * @throws RolescopeException INVALID_ARGUMENT where one does not fit the model or says nothing of
   *     tokens to come; RESOURCE_EXHAUSTED where they are too many
   */
  static Interventions of(
      List<Intervention> interventions, BundleManifest manifest, InterventionLimits limits) {
    for (int index = 0; index < interventions.size(); index++) {
      Optional<String> bound = boundToPrompt(interventions.get(index).site());
      if (bound.isPresent()) {
        throw new RolescopeException(
            FaultCode.INVALID_ARGUMENT,
            "Intervention %d %s, which says nothing of tokens to come; use pattern_scale, uniform or constant_z of heads, or scale of the MLP"
                .formatted(index, bound.get()));
      }
    }
    return Interventions.of(interventions, manifest, ONE_TOKEN, limits);
  }

  /** What ties an intervention to the tokens of the prompt; empty where nothing does. */
  private static Optional<String> boundToPrompt(Site site) {
    return switch (site) {
      case Site.MlpScale _ -> Optional.empty();
      case Site.MlpPatch _ -> Optional.of("patches the MLP");
      case Site.ResidualPatch _ -> Optional.of("patches the residual stream");
      case Site.Heads(_, HeadMethod method) ->
          switch (method) {
            case HeadMethod.ScaledPattern _, HeadMethod.Uniform _, HeadMethod.ConstantZ _ ->
                Optional.empty();
            case HeadMethod.Random _ -> Optional.of("makes attention random");
            case HeadMethod.ReferenceUniform _ -> Optional.of("makes attention reference_uniform");
            case HeadMethod.ReferenceRandom _ -> Optional.of("makes attention reference_random");
            case HeadMethod.PatternPatch _ -> Optional.of("patches the pattern");
            case HeadMethod.ZPatch _ -> Optional.of("patches z");
          };
    };
  }
}

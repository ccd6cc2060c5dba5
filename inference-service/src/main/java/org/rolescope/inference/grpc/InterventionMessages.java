package org.rolescope.inference.grpc;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.intervene.HeadMethod;
import org.rolescope.inference.intervene.Intervention;
import org.rolescope.inference.intervene.InterventionPlace;
import org.rolescope.inference.intervene.Patch;
import org.rolescope.inference.intervene.Site;
import org.rolescope.v1.HeadIntervention;
import org.rolescope.v1.MlpIntervention;
import org.rolescope.v1.ResidualIntervention;
import org.rolescope.v1.Variant;

/** Interventions of the contract as those of the domain. */
final class InterventionMessages {
  private InterventionMessages() {}

  /**
   * The interventions of a request.
   *
   * @throws RolescopeException INVALID_ARGUMENT where one says nothing
   */
  static List<Intervention> interventions(List<org.rolescope.v1.Intervention> messages) {
    return interventions(messages, InterventionPlace.OF_REQUEST);
  }

  /**
   * The interventions of each variant of a request.
   *
   * @throws RolescopeException INVALID_ARGUMENT where one says nothing
   */
  static List<List<Intervention>> variants(List<Variant> messages) {
    List<List<Intervention>> variants = new ArrayList<>();
    for (Variant message : messages) {
      InterventionPlace place = InterventionPlace.ofVariant(variants.size());
      variants.add(interventions(message.getInterventionsList(), place));
    }
    return variants;
  }

  private static List<Intervention> interventions(
      List<org.rolescope.v1.Intervention> messages, InterventionPlace place) {
    List<Intervention> interventions = new ArrayList<>();
    for (org.rolescope.v1.Intervention message : messages) {
      String name = place.of(interventions.size());
      interventions.add(
          new Intervention(
              message.getLayer(), message.getPromptIndicesList(), site(name, message)));
    }
    return interventions;
  }

  private static Site site(String name, org.rolescope.v1.Intervention message) {
    return switch (message.getSiteCase()) {
      case HEADS ->
          new Site.Heads(message.getHeads().getHeadsList(), method(name, message.getHeads()));
      case MLP -> mlp(name, message.getMlp());
      case RESIDUAL -> residual(name, message.getResidual());
      case SITE_NOT_SET -> throw missing(name, "what to change", "heads, mlp or residual");
    };
  }

  private static HeadMethod method(String name, HeadIntervention heads) {
    return switch (heads.getMethodCase()) {
      case PATTERN_SCALE -> new HeadMethod.ScaledPattern(heads.getPatternScale());
      case UNIFORM -> new HeadMethod.Uniform();
      case RANDOM -> new HeadMethod.Random(heads.getRandom().getSeed());
      case REFERENCE_UNIFORM -> new HeadMethod.ReferenceUniform();
      case REFERENCE_RANDOM -> new HeadMethod.ReferenceRandom(heads.getReferenceRandom().getSeed());
      case PATTERN -> new HeadMethod.PatternPatch(patch(heads.getPattern()));
      case Z -> new HeadMethod.ZPatch(patch(heads.getZ()));
      case CONSTANT_Z ->
          new HeadMethod.ConstantZ(heads.getConstantZ().getValues().asReadOnlyByteBuffer());
      case METHOD_NOT_SET ->
          throw missing(
              name,
              "how to change heads",
              "pattern_scale, uniform, random, reference_uniform, reference_random, pattern, z or constant_z");
    };
  }

  private static Site mlp(String name, MlpIntervention mlp) {
    return switch (mlp.getMethodCase()) {
      case SCALE -> new Site.MlpScale(mlp.getScale());
      case PATCH -> new Site.MlpPatch(patch(mlp.getPatch()));
      case METHOD_NOT_SET -> throw missing(name, "how to change the MLP", "scale or patch");
    };
  }

  private static Site residual(String name, ResidualIntervention residual) {
    return switch (residual.getMethodCase()) {
      case PATCH -> new Site.ResidualPatch(patch(residual.getPatch()));
      case METHOD_NOT_SET -> throw missing(name, "how to change the residual stream", "patch");
    };
  }

  private static Patch patch(org.rolescope.v1.Patch patch) {
    return new Patch(
        patch.getValuesList().stream().map(ByteString::asReadOnlyByteBuffer).toList(),
        patch.getFromSource());
  }

  private static RolescopeException missing(String name, String what, String remedy) {
    return new RolescopeException(
        FaultCode.INVALID_ARGUMENT, "%s does not say %s; set %s".formatted(name, what, remedy));
  }
}

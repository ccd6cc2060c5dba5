package org.rolescope.orchestrator.patch;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.rolescope.v1.HeadIntervention;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.MlpIntervention;
import org.rolescope.v1.Patch;
import org.rolescope.v1.PatchSite;
import org.rolescope.v1.ResidualIntervention;
import org.rolescope.v1.Variant;

/** Sets of places as variants of a sweep, which take what is there from the sweep's source. */
final class Variants {
  private static final Patch FROM_SOURCE = Patch.newBuilder().setFromSource(true).build();

  private Variants() {}

  /** The variant that takes these places from the source, with one intervention a layer. */
  static Variant of(PlaceSet set, PatchSite site) {
    Map<Integer, List<Integer>> headsByLayer =
        set.places().stream()
            .collect(
                Collectors.groupingBy(
                    Place::layer,
                    TreeMap::new,
                    Collectors.mapping(Place::head, Collectors.toList())));
    Variant.Builder variant = Variant.newBuilder();
    headsByLayer.forEach(
        (layer, heads) -> variant.addInterventions(intervention(layer, heads, site)));
    return variant.build();
  }

  private static Intervention intervention(int layer, List<Integer> heads, PatchSite site) {
    Intervention.Builder intervention = Intervention.newBuilder().setLayer(layer);
    return switch (site) {
      case PATCH_SITE_Z ->
          intervention
              .setHeads(HeadIntervention.newBuilder().addAllHeads(heads).setZ(FROM_SOURCE))
              .build();
      case PATCH_SITE_PATTERN ->
          intervention
              .setHeads(HeadIntervention.newBuilder().addAllHeads(heads).setPattern(FROM_SOURCE))
              .build();
      case PATCH_SITE_MLP_OUT ->
          intervention.setMlp(MlpIntervention.newBuilder().setPatch(FROM_SOURCE)).build();
      case PATCH_SITE_RESID_POST ->
          intervention.setResidual(ResidualIntervention.newBuilder().setPatch(FROM_SOURCE)).build();
      case PATCH_SITE_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("site " + site + " of a plan that is not filled in");
    };
  }
}

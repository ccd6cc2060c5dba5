package org.rolescope.inference.intervene;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.rolescope.inference.session.GraphChange;

/** An intervention that knows all its heads and finds its prompts quickly. */
final class ResolvedIntervention {
  private final Intervention intervention;
  private final List<Integer> heads;
  private final GraphChange change;
  private final int requestPrompts;
  private final Map<Integer, Integer> places = new HashMap<>();

  /**
   * Resolves an intervention.
   *
   * @param intervention the intervention
   * @param headCount heads of a layer
   * @param requestPrompts prompts of the request
   */
  ResolvedIntervention(Intervention intervention, int headCount, int requestPrompts) {
    this.intervention = intervention;
    this.requestPrompts = requestPrompts;
    heads = heads(intervention.site(), headCount);
    change = new GraphChange(intervention.layer(), kind(intervention.site()));
    for (int place = 0; place < intervention.prompts().size(); place++) {
      places.put(intervention.prompts().get(place), place);
    }
  }

  int layer() {
    return intervention.layer();
  }

  Site site() {
    return intervention.site();
  }

  /** The tensor of the graph it changes. */
  GraphChange change() {
    return change;
  }

  /** The heads it changes; none where it changes something else. */
  List<Integer> heads() {
    return heads;
  }

  /** The prompts it names; empty for all. */
  List<Integer> prompts() {
    return intervention.prompts();
  }

  /** Number of prompts it changes. */
  int promptCount() {
    return prompts().isEmpty() ? requestPrompts : prompts().size();
  }

  /** The prompt at a place among those it changes. */
  int prompt(int place) {
    return prompts().isEmpty() ? place : prompts().get(place);
  }

  /** Place of a prompt among those it changes; empty where it leaves the prompt alone. */
  OptionalInt placeOf(int prompt) {
    if (prompts().isEmpty()) {
      return OptionalInt.of(prompt);
    }
    Integer place = places.get(prompt);
    return place == null ? OptionalInt.empty() : OptionalInt.of(place);
  }

  /** The tensor of the source run it takes values from; empty where it takes none. */
  Optional<SourceSite> sourceSite() {
    return switch (intervention.site()) {
      case Site.MlpPatch(Patch patch) -> sourceSite(patch, SourceSite.MLP_OUT);
      case Site.ResidualPatch(Patch patch) -> sourceSite(patch, SourceSite.RESID_POST);
      case Site.Heads(_, HeadMethod.PatternPatch(Patch patch)) ->
          sourceSite(patch, SourceSite.PATTERN);
      case Site.Heads(_, HeadMethod.ZPatch(Patch patch)) -> sourceSite(patch, SourceSite.Z);
      case Site.MlpScale _, Site.Heads _ -> Optional.empty();
    };
  }

  private Optional<SourceSite> sourceSite(Patch patch, String tap) {
    return patch.fromSource()
        ? Optional.of(new SourceSite(intervention.layer(), tap))
        : Optional.empty();
  }

  private static List<Integer> heads(Site site, int headCount) {
    return switch (site) {
      case Site.Heads(List<Integer> named, _) when named.isEmpty() ->
          IntStream.range(0, headCount).boxed().toList();
      case Site.Heads(List<Integer> named, _) -> named;
      case Site.MlpScale _, Site.MlpPatch _, Site.ResidualPatch _ -> List.of();
    };
  }

  private static GraphChange.Kind kind(Site site) {
    return switch (site) {
      case Site.MlpScale _ -> GraphChange.Kind.MLP_SCALE;
      case Site.MlpPatch _ -> GraphChange.Kind.MLP_PATCH;
      case Site.ResidualPatch _ -> GraphChange.Kind.RESIDUAL_PATCH;
      case Site.Heads(_, HeadMethod method) -> kind(method);
    };
  }

  private static GraphChange.Kind kind(HeadMethod method) {
    return switch (method) {
      case HeadMethod.ScaledPattern _ -> GraphChange.Kind.PATTERN_SCALE;
      // Behind them come the mask and the softmax of the model itself: equal scores are equal
      // shares of the visible keys, whichever the layer lets a query see.
      case HeadMethod.Uniform _, HeadMethod.Random _ -> GraphChange.Kind.SCORES_PATCH;
      case HeadMethod.ReferenceUniform _, HeadMethod.ReferenceRandom _, HeadMethod.PatternPatch _ ->
          GraphChange.Kind.PATTERN_PATCH;
      case HeadMethod.ZPatch _, HeadMethod.ConstantZ _ -> GraphChange.Kind.Z_PATCH;
    };
  }
}

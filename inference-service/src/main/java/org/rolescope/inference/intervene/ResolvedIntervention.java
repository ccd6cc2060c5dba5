package org.rolescope.inference.intervene;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** An intervention that knows all its heads and finds its prompts quickly. */
final class ResolvedIntervention {
  private final Intervention intervention;
  private final List<Integer> heads;
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

  private static List<Integer> heads(Site site, int headCount) {
    return switch (site) {
      case Site.Heads(List<Integer> named, _) when named.isEmpty() ->
          IntStream.range(0, headCount).boxed().toList();
      case Site.Heads(List<Integer> named, _) -> named;
      case Site.MlpScale _, Site.MlpPatch _, Site.ResidualPatch _ -> List.of();
    };
  }
}

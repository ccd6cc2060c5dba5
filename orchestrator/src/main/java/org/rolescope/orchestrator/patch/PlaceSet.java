package org.rolescope.orchestrator.patch;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.rolescope.orchestrator.plan.Invalid;
import org.rolescope.v1.HeadSite;
import org.rolescope.v1.PatchedSet;

/**
 * Places that are patched at once.
 *
 * @param places the places, in order of layer and head
 */
record PlaceSet(List<Place> places) {
  /**
   * Sorts the places.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where there are none, or one
   *     stands twice
   */
  PlaceSet {
    places = places.stream().sorted().toList();
    Invalid.unless(!places.isEmpty(), "A candidate has no heads; name at least one");
    Invalid.unless(
        places.stream().distinct().count() == places.size(),
        "Candidate %s names a head twice; name each once",
        text(places));
  }

  static PlaceSet of(PatchedSet set) {
    return new PlaceSet(set.getSitesList().stream().map(Place::of).toList());
  }

  static PlaceSet ofOne(Place place) {
    return new PlaceSet(List.of(place));
  }

  PatchedSet message() {
    return PatchedSet.newBuilder().addAllSites(sites()).build();
  }

  /** The places as the contract has them. */
  List<HeadSite> sites() {
    return places.stream().map(Place::message).toList();
  }

  int size() {
    return places.size();
  }

  /** The first layer that a patch of this changes. */
  int firstLayer() {
    return places.getFirst().layer();
  }

  /** The places, for example {@code 2.5+3.1}. */
  String text() {
    return text(places);
  }

  private static String text(Collection<Place> places) {
    return places.stream().map(Place::text).collect(Collectors.joining("+"));
  }
}

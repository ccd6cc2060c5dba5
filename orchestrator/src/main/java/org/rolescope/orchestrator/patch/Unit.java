package org.rolescope.orchestrator.patch;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is kept at once: some sets of places in one direction that all change the same layer first.
 *
 * @param direction the direction
 * @param layer the layer changed first
 * @param block counts the units of that layer, from 0
 * @param sets the sets, in the order they are patched
 */
record Unit(Direction direction, int layer, int block, List<PlaceSet> sets) {
  // Few enough that little is lost with a process, and so many that files are few.
  private static final int MAX_SETS = 16;

  /** Copies the sets. */
  Unit {
    requireNonNull(direction, "direction is null");
    sets = List.copyOf(sets);
  }

  /** Sets in units, by the layer they change first; a sweep then computes nothing twice. */
  static List<Unit> of(Direction direction, List<PlaceSet> sets) {
    Map<Integer, List<PlaceSet>> byLayer =
        sets.stream()
            .collect(
                Collectors.groupingBy(PlaceSet::firstLayer, TreeMap::new, Collectors.toList()));
    List<Unit> units = new ArrayList<>();
    byLayer.forEach(
        (layer, group) -> {
          for (int first = 0; first < group.size(); first += MAX_SETS) {
            int last = Math.min(first + MAX_SETS, group.size());
            units.add(new Unit(direction, layer, first / MAX_SETS, group.subList(first, last)));
          }
        });
    return units;
  }

  /** Name of its checkpoint. */
  String fileName() {
    return "%s/layer_%d_block_%d.pb".formatted(direction.text(), layer, block);
  }

  /** The unit in words. */
  String words() {
    int first = block * MAX_SETS + 1;
    return "%s: layer %d, patches %d to %d"
        .formatted(direction.text(), layer, first, first + sets.size() - 1);
  }
}

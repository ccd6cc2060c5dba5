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

  private static final int MIN_PART_SETS = 128;

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

  /**
   * Units as they are asked for: so many patches in a sweep that the two runs without one, which
   * come with it, hardly count.
   */
  static List<List<Unit>> parts(List<Unit> units) {
    List<List<Unit>> parts = new ArrayList<>();
    List<Unit> part = new ArrayList<>();
    int sets = 0;
    for (Unit unit : units) {
      part.add(unit);
      sets += unit.sets().size();
      if (sets >= MIN_PART_SETS) {
        parts.add(List.copyOf(part));
        part.clear();
        sets = 0;
      }
    }
    if (!part.isEmpty()) {
      parts.add(List.copyOf(part));
    }
    return parts;
  }

  /** Name of its checkpoint. */
  String fileName() {
    return "%s/layer_%d_block_%d.pb".formatted(direction.text(), layer, block);
  }

  /** The unit in words. */
  String words() {
    int first = block * MAX_SETS + 1;
    String patches =
        sets.size() == 1
            ? "patch " + first
            : "patches %d to %d".formatted(first, first + sets.size() - 1);
    return "%s: layer %d, %s".formatted(direction.text(), layer, patches);
  }
}

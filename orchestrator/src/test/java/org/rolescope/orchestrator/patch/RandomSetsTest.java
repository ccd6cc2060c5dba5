package org.rolescope.orchestrator.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RandomSetsTest {
  private static final List<Place> PLACES =
      IntStream.range(0, 40).mapToObj(index -> new Place(index / 8, index % 8)).toList();

  @Test
  void allThereAreWhereThereAreNoMore() {
    assertThat(new RandomSets(PLACES, 200, 1).ofSize(1))
        .isEqualTo(PLACES.stream().map(PlaceSet::ofOne).toList());
    assertThat(new RandomSets(PLACES.subList(0, 4), 6, 1).ofSize(2)).hasSize(6);
    assertThat(new RandomSets(PLACES.subList(0, 4), 6, 1).ofSize(4)).hasSize(1);
    assertThat(new RandomSets(PLACES.subList(0, 4), 6, 1).ofSize(5)).isEmpty();
    assertThat(new RandomSets(List.of(), 6, 1).ofSize(1)).isEmpty();
  }

  @Test
  void distinctSetsOfTheSeed() {
    for (int size : new int[] {1, 2, 5, 39}) {
      List<PlaceSet> sets = new RandomSets(PLACES, 30, 7).ofSize(size);
      assertThat(sets).hasSize(30).doesNotHaveDuplicates().allMatch(set -> set.size() == size);
      assertThat(new RandomSets(PLACES, 30, 7).ofSize(size)).isEqualTo(sets);
      assertThat(new RandomSets(PLACES, 30, 8).ofSize(size)).isNotEqualTo(sets);
    }
  }

  @Test
  void moreSetsBeginWithTheSame() {
    List<PlaceSet> few = new RandomSets(PLACES, 20, 7).ofSize(3);
    assertThat(new RandomSets(PLACES, 60, 7).ofSize(3).subList(0, 20)).isEqualTo(few);
  }

  @Test
  void everyPlaceIsDrawnAsOften() {
    Map<Place, Integer> counts = new HashMap<>();
    for (int seed = 0; seed < 200; seed++) {
      new RandomSets(PLACES, 10, seed)
          .ofSize(2)
          .forEach(set -> set.places().forEach(place -> counts.merge(place, 1, Integer::sum)));
    }
    // 4000 draws of 40 places: 100 each, with a standard deviation below 10.
    assertThat(counts).hasSize(40);
    assertThat(counts.values()).allMatch(count -> count > 50 && count < 150);
  }
}

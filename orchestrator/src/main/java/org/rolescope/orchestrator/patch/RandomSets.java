package org.rolescope.orchestrator.patch;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.commons.numbers.combinatorics.BinomialCoefficientDouble;
import org.apache.commons.numbers.combinatorics.Combinations;
import org.apache.commons.rng.JumpableUniformRandomProvider;
import org.apache.commons.rng.sampling.CombinationSampler;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Draws distinct sets of places at random. The generator is xoroshiro128++, with a stream for each
 * size: 2⁶⁴ draws apart, so that sets of one size do not depend on others. Equal seeds give equal
 * sets on every platform.
 */
final class RandomSets {
  private final List<Place> places;
  private final int count;
  private final long seed;

  /**
   * Prepares to draw.
   *
   * @param places what may be drawn, in order
   * @param count how many sets are wanted of a size
   */
  RandomSets(List<Place> places, int count, long seed) {
    this.places = List.copyOf(places);
    this.count = count;
    this.seed = seed;
  }

  /**
   * So many sets of a size, in the order drawn; where there are no more than wanted, all there are,
   * in lexicographic order. Empty where there are too few places for one.
   */
  List<PlaceSet> ofSize(int size) {
    if (size > places.size()) {
      return List.of();
    }
    if (BinomialCoefficientDouble.value(places.size(), size) <= count) {
      return StreamSupport.stream(Combinations.of(places.size(), size).spliterator(), false)
          .map(this::set)
          .toList();
    }
    JumpableUniformRandomProvider random =
        (JumpableUniformRandomProvider) RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    for (int skipped = 0; skipped < size; skipped++) {
      random.jump();
    }
    CombinationSampler sampler = new CombinationSampler(random, places.size(), size);
    Set<PlaceSet> drawn = new LinkedHashSet<>();
    while (drawn.size() < count) {
      drawn.add(set(sampler.sample()));
    }
    return List.copyOf(drawn);
  }

  private PlaceSet set(int[] indices) {
    return new PlaceSet(Arrays.stream(indices).mapToObj(places::get).toList());
  }
}

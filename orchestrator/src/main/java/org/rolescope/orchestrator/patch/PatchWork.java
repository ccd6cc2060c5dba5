package org.rolescope.orchestrator.patch;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.rolescope.v1.AnswerTokens;
import org.rolescope.v1.PatchPlan;

/**
 * A plan with what follows from it and its models.
 *
 * @param plan the plan, filled in
 * @param models its models
 * @param answers token ids of the answers, [pair]; empty where none are asked for
 * @param candidates the sets to judge, in order; in a sweep every place by itself
 * @param randomSets random sets by their size; empty in a sweep
 */
record PatchWork(
    PatchPlan plan,
    PatchedModels models,
    List<AnswerTokens> answers,
    List<PlaceSet> candidates,
    TreeMap<Integer, List<PlaceSet>> randomSets) {
  /** Copies the lists. */
  PatchWork {
    requireNonNull(plan, "plan is null");
    requireNonNull(models, "models is null");
    answers = List.copyOf(answers);
    candidates = List.copyOf(candidates);
    randomSets = new TreeMap<>(randomSets);
  }

  /** Works out the sets. */
  static PatchWork of(PatchPlan plan, PatchedModels models, List<AnswerTokens> answers) {
    List<Place> places = models.places(plan);
    if (PatchPlans.isSweep(plan)) {
      return new PatchWork(
          plan, models, answers, places.stream().map(PlaceSet::ofOne).toList(), new TreeMap<>());
    }
    List<PlaceSet> candidates = plan.getCandidatesList().stream().map(PlaceSet::of).toList();
    Set<Place> taken = new TreeSet<>();
    candidates.forEach(candidate -> taken.addAll(candidate.places()));
    RandomSets random =
        new RandomSets(
            places.stream().filter(place -> !taken.contains(place)).toList(),
            plan.getRandomSets(),
            plan.getOptions().getSeed());
    TreeMap<Integer, List<PlaceSet>> bySize = new TreeMap<>();
    candidates.forEach(candidate -> bySize.computeIfAbsent(candidate.size(), random::ofSize));
    return new PatchWork(plan, models, answers, candidates, bySize);
  }

  boolean isSweep() {
    return PatchPlans.isSweep(plan);
  }

  /** Number of pairs. */
  int pairs() {
    return plan.getPairsCount();
  }

  /** All random sets, by size. */
  List<PlaceSet> allRandomSets() {
    return randomSets.values().stream().flatMap(List::stream).toList();
  }

  /** What is kept at once, in a direction. */
  List<Unit> units(Direction direction) {
    Set<PlaceSet> sets =
        Stream.concat(candidates.stream(), allRandomSets().stream())
            .collect(LinkedHashSet::new, Set::add, Set::addAll);
    return Unit.of(direction, List.copyOf(sets));
  }
}

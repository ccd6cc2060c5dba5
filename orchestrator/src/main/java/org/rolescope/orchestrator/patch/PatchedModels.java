package org.rolescope.orchestrator.patch;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.rolescope.orchestrator.plan.Invalid;
import org.rolescope.v1.Model;
import org.rolescope.v1.PatchPlan;
import org.rolescope.v1.PatchedSet;

/**
 * The two models of a plan; they may be one.
 *
 * @param source the model patched from
 * @param target the model patched into
 */
record PatchedModels(Model source, Model target) {
  /**
   * Checks that places of one are places of the other.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where they differ in size
   */
  PatchedModels {
    requireNonNull(source, "source is null");
    requireNonNull(target, "target is null");
    checkEqual(source, target, "layers", Model::getLayerCount);
    checkEqual(source, target, "heads a layer", Model::getHeadCount);
    checkEqual(source, target, "numbers in the output of a head", Model::getHeadSize);
    checkEqual(source, target, "numbers in the residual stream", Model::getHiddenSize);
    checkEqual(source, target, "tokens in the vocabulary", Model::getVocabularySize);
  }

  /** The model that patches of a direction are put into. */
  Model into(Direction direction) {
    return direction == Direction.DENOISING ? target : source;
  }

  /** The model that patches of a direction are taken from. */
  Model from(Direction direction) {
    return direction == Direction.DENOISING ? source : target;
  }

  /** Every place of a site, in order of layer and head. */
  List<Place> places(PatchPlan plan) {
    int heads = PatchPlans.isOfLayer(plan.getSite()) ? 1 : source.getHeadCount();
    return IntStream.range(0, source.getLayerCount())
        .boxed()
        .flatMap(layer -> IntStream.range(0, heads).mapToObj(head -> new Place(layer, head)))
        .toList();
  }

  /**
   * Checks that a plan's candidates are there.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where one is not
   */
  void checkCandidates(PatchPlan plan) {
    List<Place> all = places(plan);
    for (PatchedSet candidate : plan.getCandidatesList()) {
      for (Place place : PlaceSet.of(candidate).places()) {
        Invalid.unless(
            all.contains(place),
            PatchPlans.isOfLayer(plan.getSite())
                ? "There is no place %s: model %s has layers 0 to %d, and this site no heads, so head is 0"
                : "There is no head %s: model %s has layers 0 to %d with heads 0 to %d",
            place.text(),
            source.getName(),
            source.getLayerCount() - 1,
            source.getHeadCount() - 1);
      }
    }
  }

  private static void checkEqual(
      Model source, Model target, String what, ToIntFunction<Model> count) {
    Invalid.unless(
        count.applyAsInt(source) == count.applyAsInt(target),
        "Models %s and %s have %d and %d %s, so nothing of one can be put into the other; patch between two versions of one model",
        source.getName(),
        target.getName(),
        count.applyAsInt(source),
        count.applyAsInt(target),
        what);
  }
}

package org.rolescope.inference.forward;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.intervene.Variants;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.ModelDimensions;
import org.rolescope.tensors.bundle.Stage;

/**
 * Variants that run together, in one pass through the stages.
 *
 * @param members the variants, in the order in which they join; those that join together in the
 *     order of the request
 */
record SweepGroup(List<Member> members) {
  /**
   * A variant.
   *
   * @param variant its place in the request
   * @param stage place of the first stage that it changes, among all stages of the model
   */
  record Member(int variant, int stage) {}

  /** Sorts the members. */
  SweepGroup {
    members =
        members.stream()
            .sorted(Comparator.comparingInt(Member::stage).thenComparingInt(Member::variant))
            .toList();
  }

  /** Place of the first stage at which a variant joins. */
  int firstStage() {
    return members.getFirst().stage();
  }

  /** Place of the last stage at which a variant joins. */
  int lastStage() {
    return members.getLast().stage();
  }

  /** Whether a variant joins at a stage. */
  boolean joinsAt(int stage) {
    return members.stream().anyMatch(member -> member.stage() == stage);
  }

  /** The variants, in the order of the request. */
  List<Integer> variants() {
    return members.stream().map(Member::variant).sorted().toList();
  }

  /**
   * Cuts variants, in the order of the request, into groups whose residual streams and logits fit.
   *
   * @param variants the variants
   * @param target the model and its prompts
   * @param maxBytes most bytes of a group
   * @throws RolescopeException RESOURCE_EXHAUSTED where a single variant has more
   */
  static List<SweepGroup> cut(Variants variants, ModelPrompts target, long maxBytes) {
    long most = Math.min(maxBytes, Integer.MAX_VALUE);
    long bytes = variantBytes(target);
    if (bytes > most) {
      throw new RolescopeException(
          FaultCode.RESOURCE_EXHAUSTED,
          "A variant of %d prompts takes %d bytes of residual streams and logits, more than the limit of %d; send fewer prompts or raise rolescope.inference.max-sweep-bytes"
              .formatted(target.prompts().size(), bytes, most));
    }
    int size = Math.toIntExact(Math.min(variants.count(), maxBytes / bytes));
    List<SweepGroup> groups = new ArrayList<>();
    for (int first = 0; first < variants.count(); first += size) {
      groups.add(
          new SweepGroup(
              IntStream.range(first, Math.min(variants.count(), first + size))
                  .mapToObj(one -> new Member(one, stage(target, variants.firstLayer(one))))
                  .toList()));
    }
    return groups;
  }

  private static long variantBytes(ModelPrompts target) {
    ModelDimensions dimensions = target.manifest().dimensions();
    long streams =
        target.prompts().stream()
            .mapToLong(prompt -> (long) Float.BYTES * prompt.length() * dimensions.hiddenSize())
            .sum();
    return streams + LogitsTable.sizeBytes(target.prompts().size(), dimensions.vocabularySize());
  }

  private static int stage(ModelPrompts target, int layer) {
    BundleManifest manifest = target.manifest();
    return IntStream.range(0, manifest.stages().size())
        .filter(place -> holds(manifest.stages().get(place), layer))
        .findFirst()
        .orElseThrow();
  }

  private static boolean holds(Stage stage, int layer) {
    return stage.kind() == Stage.Kind.BLOCKS
        && layer >= stage.firstLayer()
        && layer <= stage.lastLayer();
  }
}

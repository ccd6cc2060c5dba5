package org.rolescope.metrics.role;

import static java.util.Objects.requireNonNull;

import java.util.BitSet;
import java.util.List;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.stats.EffectSize;

/**
 * One head of one layer.
 *
 * @param head the head, counting from 0
 * @param reference from reference entropy
 * @param exact from exact entropy
 * @param degenerate its neutral entropy is so small that the ratios mean nothing
 * @param selfAgainstNeutral effect size over prompts, from exact entropy of each
 */
public record HeadRoles(
    int head,
    HeadIndex reference,
    HeadIndex exact,
    boolean degenerate,
    EffectSize selfAgainstNeutral) {
  /** Checks that nothing is missing. */
  public HeadRoles {
    requireNonNull(reference, "reference is null");
    requireNonNull(exact, "exact is null");
    requireNonNull(selfAgainstNeutral, "selfAgainstNeutral is null");
  }

  /**
   * Pools the entropies of a head. It is degenerate where its exact neutral entropy lies below the
   * threshold, or its reference neutral entropy is not positive, so that an index was set to 0.
   */
  static HeadRoles of(
      LayerEntropies layer, int head, RolePrompts prompts, double degenerateBelowNats) {
    HeadIndex reference = Pooling.head(layer, EntropyKind.REFERENCE, head, prompts);
    HeadIndex exact = Pooling.head(layer, EntropyKind.EXACT, head, prompts);
    boolean degenerate =
        exact.neutralNats() < degenerateBelowNats || !(reference.neutralNats() > 0);
    return new HeadRoles(
        head, reference, exact, degenerate, PromptEffects.ofHead(layer, head, prompts));
  }

  /** The reference values of an index, [head]. */
  static double[] referenceValues(List<HeadRoles> heads, RoleIndex index) {
    return heads.stream().mapToDouble(head -> head.reference().value(index)).toArray();
  }

  /** Which heads are degenerate. */
  static BitSet degenerate(List<HeadRoles> heads) {
    BitSet degenerate = new BitSet();
    heads.stream().filter(HeadRoles::degenerate).forEach(head -> degenerate.set(head.head()));
    return degenerate;
  }
}

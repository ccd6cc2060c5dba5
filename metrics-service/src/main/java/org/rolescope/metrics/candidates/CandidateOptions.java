package org.rolescope.metrics.candidates;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.role.RoleCategories;

/**
 * How candidates are ranked.
 *
 * @param categories category of each prompt, in prompt order
 * @param roles which category plays which part; the confounder is not used
 * @param modelFamily name of the model family, for the table
 * @param topK how many heads to give; 0: all. Ranks and scores are always those among all heads
 * @param entropy kind of entropy the ranking rests on
 */
public record CandidateOptions(
    List<String> categories,
    RoleCategories roles,
    String modelFamily,
    int topK,
    EntropyKind entropy) {
  /** The kind of the published tables, for callers who name none. */
  public static final EntropyKind DEFAULT_ENTROPY = EntropyKind.REFERENCE;

  /**
   * Copies the categories and checks ranges.
   *
   * @throws RolescopeException INVALID_ARGUMENT where {@code topK} is out of range
   */
  public CandidateOptions {
    categories = List.copyOf(categories);
    requireNonNull(roles, "roles is null");
    requireNonNull(modelFamily, "modelFamily is null");
    requireNonNull(entropy, "entropy is null");
    if (topK < 0) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "The candidate options cannot be used: top_k is %s; give a smaller number, or 0 for all heads"
              .formatted(Integer.toUnsignedString(topK)));
    }
  }

  /** All heads by published categories and entropy. */
  public static CandidateOptions defaults(List<String> categories, String modelFamily) {
    return new CandidateOptions(
        categories, RoleCategories.PUBLISHED, modelFamily, 0, DEFAULT_ENTROPY);
  }
}

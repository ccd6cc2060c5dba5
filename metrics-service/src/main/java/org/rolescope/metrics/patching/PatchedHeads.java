package org.rolescope.metrics.patching;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Heads that were patched together, and what came of it.
 *
 * @param heads the heads; a candidate is usually one
 * @param denoised m of the target run with the heads of the source run, [prompt]
 * @param noised m of the source run with the heads of the target run, [prompt]; empty where that
 *     direction was not run
 */
public record PatchedHeads(List<HeadSite> heads, List<Double> denoised, List<Double> noised) {
  /**
   * Copies and checks.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where there are no heads, one
   *     stands twice, or a number is not finite
   */
  public PatchedHeads {
    heads = List.copyOf(heads);
    denoised = List.copyOf(denoised);
    noised = List.copyOf(noised);
    PatchingChecks.require(!heads.isEmpty(), "a patch names no heads; name at least one");
    PatchingChecks.require(
        heads.stream().distinct().count() == heads.size(),
        "a patch names a head twice (%s); name each once",
        names(heads));
    PatchingChecks.requireFinite(denoised, "denoising patch of " + names(heads));
    PatchingChecks.requireFinite(noised, "noising patch of " + names(heads));
  }

  /** The heads in words: {@code layer 3 head 1}, apart by commas. */
  public String names() {
    return names(heads);
  }

  private static String names(List<HeadSite> heads) {
    return heads.stream()
        .map(site -> "layer %d head %d".formatted(site.layer(), site.head()))
        .collect(Collectors.joining(", "));
  }
}

package org.rolescope.metrics.role;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The heads of a layer that tell self from confounder prompts best. METRICS §6. */
public final class TopHeads {
  private static final ToDoubleFunction<HeadRoles> DISTANCE_NATS =
      head -> Math.abs(head.exact().selfNats() - head.exact().confounderNats());

  private TopHeads() {}

  /**
   * The heads with the largest |H_self − H_confounder| of pooled exact entropy, largest first;
   * among equals the one with the lower number. Heads where that is NaN are left out.
   *
   * @param heads the heads of a layer
   * @param count most heads to give
   */
  public static List<HeadRoles> of(List<HeadRoles> heads, int count) {
    return heads.stream()
        .filter(head -> !Double.isNaN(DISTANCE_NATS.applyAsDouble(head)))
        .sorted(
            Comparator.comparingDouble(DISTANCE_NATS).reversed().thenComparingInt(HeadRoles::head))
        .limit(count)
        .toList();
  }
}

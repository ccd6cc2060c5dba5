package org.rolescope.metrics.patching;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.role.BootstrapInterval;
import org.rolescope.metrics.role.LayerTotals;
import org.rolescope.metrics.role.RoleIndex;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.metrics.role.RolePrompts;
import org.rolescope.metrics.role.StratifiedBootstrap;
import org.rolescope.metrics.stats.Estimate;

/**
 * Measures what an intervention does to entropies and role indices, layer by layer, by the default
 * estimator: ΔH, ΔRFC and ΔRSI against the un-intervened run on the same prompts. Both runs see the
 * same resampled prompts, so what the prompts have in common cancels. METRICS §7.
 */
public final class InterventionEffects {
  private final RoleOptions options;
  private final RolePrompts prompts;
  private final Iterable<RolePrompts> resamples;

  /**
   * Creates a measurement with the resamples the options ask for.
   *
   * @throws RolescopeException INVALID_ARGUMENT where a role has no prompts
   */
  public InterventionEffects(RoleOptions options) {
    this(options, StratifiedBootstrap.of(options));
  }

  /** The same with given resamples. */
  InterventionEffects(RoleOptions options, Iterable<RolePrompts> resamples) {
    this.options = requireNonNull(options, "options is null");
    this.prompts = RolePrompts.of(options);
    this.resamples = requireNonNull(resamples, "resamples is null");
  }

  /**
   * Compares one layer of two runs.
   *
   * @param clean the layer of the un-intervened run
   * @param intervened the same layer of the intervened run
   * @throws RolescopeException INVALID_ARGUMENT where the two are not the same layer of the same
   *     prompts, or lack the kind of entropy the options name
   */
  public LayerEffects of(LayerEntropies clean, LayerEntropies intervened) {
    check(
        clean.layer() == intervened.layer() && clean.headCount() == intervened.headCount(),
        "layer %d with %d heads came for layer %d with %d; send the same layer of one model",
        intervened.layer(),
        intervened.headCount(),
        clean.layer(),
        clean.headCount());
    check(
        clean.queryCounts().equals(intervened.queryCounts()),
        "the prompts of layer %d differ in number or length between the runs; send the same prompts",
        clean.layer());
    check(
        clean.promptCount() == options.categories().size(),
        "layer %d has %d prompts but the options name %d categories; name one for each prompt",
        clean.layer(),
        clean.promptCount(),
        options.categories().size());
    Runs runs =
        new Runs(
            new LayerTotals(clean, options.entropy()),
            new LayerTotals(intervened, options.entropy()),
            clean.headCount());
    List<Estimate> focus = estimates(RoleIndex.RFC, runs.focus());
    List<Estimate> separation = estimates(RoleIndex.RSI, runs.separation());
    return new LayerEffects(
        clean.layer(),
        focus.get(0),
        focus.get(1),
        separation.get(0),
        focus.get(2),
        separation.get(1));
  }

  private List<Estimate> estimates(
      RoleIndex index, List<ToDoubleFunction<RolePrompts>> statistics) {
    return BootstrapInterval.of(index, statistics, prompts, resamples);
  }

  private static void check(boolean holds, String otherwise, Object... values) {
    if (!holds) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "The intervention cannot be scored: " + otherwise.formatted(values));
    }
  }

  private record Runs(LayerTotals clean, LayerTotals intervened, int heads) {
    List<ToDoubleFunction<RolePrompts>> focus() {
      return List.of(
          drawn -> (intervened.pooled(drawn.self()) - clean.pooled(drawn.self())) / heads,
          drawn -> (intervened.pooled(drawn.neutral()) - clean.pooled(drawn.neutral())) / heads,
          drawn -> difference(RoleIndex.RFC, drawn));
    }

    List<ToDoubleFunction<RolePrompts>> separation() {
      return List.of(
          drawn ->
              (intervened.pooled(drawn.confounder()) - clean.pooled(drawn.confounder())) / heads,
          drawn -> difference(RoleIndex.RSI, drawn));
    }

    private double difference(RoleIndex index, RolePrompts drawn) {
      return intervened.value(index, drawn) - clean.value(index, drawn);
    }
  }
}

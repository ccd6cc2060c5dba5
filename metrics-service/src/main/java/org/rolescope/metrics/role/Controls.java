package org.rolescope.metrics.role;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.stats.Estimate;

/**
 * Estimates both indices from every kind of entropy there is. Each resample is drawn once an index
 * and serves all kinds, so that they differ by the entropy alone.
 */
public final class Controls {
  private final RolePrompts prompts;
  private final StratifiedBootstrap bootstrap;

  /** Prepares the resamples that the options ask for. */
  public Controls(RoleOptions options) {
    prompts = RolePrompts.of(options);
    bootstrap = StratifiedBootstrap.of(options);
  }

  /**
   * Estimates both indices from each kind.
   *
   * @param statistics what is estimated, by kind
   * @return one entry a kind, in the order of {@link EntropyKind}
   */
  public List<ControlledIndices> estimate(SortedMap<EntropyKind, IndexStatistic> statistics) {
    Map<RoleIndex, List<Estimate>> estimates = new EnumMap<>(RoleIndex.class);
    for (RoleIndex index : RoleIndex.values()) {
      Stream<ToDoubleFunction<RolePrompts>> values =
          statistics.values().stream().map(statistic -> drawn -> statistic.value(index, drawn));
      estimates.put(index, BootstrapInterval.of(index, values.toList(), prompts, bootstrap));
    }
    List<ControlledIndices> controls = new ArrayList<>();
    for (EntropyKind kind : statistics.keySet()) {
      int position = controls.size();
      controls.add(
          new ControlledIndices(
              kind,
              estimates.get(RoleIndex.RFC).get(position),
              estimates.get(RoleIndex.RSI).get(position)));
    }
    return controls;
  }

  /** The entry of one kind, which must be there. */
  public static ControlledIndices of(EntropyKind kind, List<ControlledIndices> controls) {
    return controls.stream().filter(control -> control.kind() == kind).findFirst().orElseThrow();
  }
}

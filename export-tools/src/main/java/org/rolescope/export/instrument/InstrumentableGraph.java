package org.rolescope.export.instrument;

import java.util.List;
import org.rolescope.fault.RolescopeException;

/** Says whether a graph can be instrumented, as far as can be read off it. */
public final class InstrumentableGraph {
  private InstrumentableGraph() {}

  /**
   * The softmaxes that may be attention patterns, in the order they run.
   *
   * @throws RolescopeException MALFORMED_MODEL where the graph cannot be fed or has none
   */
  public static List<String> patterns(OnnxGraph graph) {
    GraphInputs.check(graph);
    return AttentionSoftmaxes.find(graph);
  }
}

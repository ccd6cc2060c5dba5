package org.rolescope.orchestrator.artifacts;

import org.rolescope.v1.RunResults;

/**
 * {@code layers}: a row a layer. Where two models are compared, the columns are those of the
 * published study's tables by the reference estimator, then ours; where one is measured, the same
 * without a difference.
 */
public final class LayerTable {
  private LayerTable() {}

  /** The table of a run. */
  public static Table<?> of(RunResults results) {
    return results.hasComparison()
        ? new Table<>(LayerColumns.contrast(), results.getComparison().getLayersList().iterator())
        : new Table<>(LayerColumns.single(), results.getRoles().getLayersList().iterator());
  }
}

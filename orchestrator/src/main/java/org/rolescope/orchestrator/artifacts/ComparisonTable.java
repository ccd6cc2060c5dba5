package org.rolescope.orchestrator.artifacts;

import java.io.IOException;
import java.io.OutputStream;
import org.rolescope.v1.CompareModelsResponse;
import org.rolescope.v1.RunResults;

/**
 * {@code detailed_comparison.csv}: the {@link LayerTable} of two models under the name the
 * published study gives it.
 */
public final class ComparisonTable {
  private ComparisonTable() {}

  /** Writes the table and closes the stream. */
  public static void write(OutputStream out, CompareModelsResponse comparison) throws IOException {
    LayerTable.of(RunResults.newBuilder().setComparison(comparison).build())
        .write(TableFormat.CSV, out);
  }
}

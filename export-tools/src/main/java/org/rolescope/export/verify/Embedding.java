package org.rolescope.export.verify;

import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Looks vectors up in a table of the checkpoint. */
final class Embedding {
  private Embedding() {}

  /**
   * The vector of each id.
   *
   * @param table [id, width]
   * @return [row, width]
   * @throws RolescopeException MALFORMED_MODEL where an id lies beyond the table
   */
  static Rows of(long[] ids, WeightMatrix table) {
    Rows rows = new Rows(ids.length, table.inputCount());
    double[] vector = new double[table.inputCount()];
    for (int row = 0; row < ids.length; row++) {
      if (ids[row] < 0 || ids[row] >= table.outputCount()) {
        throw new RolescopeException(
            FaultCode.MALFORMED_MODEL,
            "The tokenizer gives id %d but the model has %d embeddings; give the checkpoint the tokenizer it was made with and export it anew"
                .formatted(ids[row], table.outputCount()));
      }
      table.outputs((int) ids[row], 1, vector);
      System.arraycopy(vector, 0, rows.values(), rows.start(row), vector.length);
    }
    return rows;
  }
}

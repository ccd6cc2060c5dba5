package org.rolescope.orchestrator.artifacts;

/** A file format for tables. */
public enum TableFormat {
  /** A heading and a line a row; a missing number is an empty cell. */
  CSV("csv"),
  /** An array with an object a row; a missing number is null. */
  JSON("json"),
  /** Apache Parquet, uncompressed; a missing number is null. */
  PARQUET("parquet");

  private final String extension;

  TableFormat(String extension) {
    this.extension = extension;
  }

  /** Name of the file of a table, for example {@code heads.csv}. */
  public String fileName(String table) {
    return table + "." + extension;
  }

  /** How names of such files end, without the dot. */
  public String extension() {
    return extension;
  }
}

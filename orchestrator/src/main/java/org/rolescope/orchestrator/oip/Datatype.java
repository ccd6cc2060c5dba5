package org.rolescope.orchestrator.oip;

/** Element types of the outputs; names are those of the protocol. */
enum Datatype {
  /** Signed 64-bit integer. */
  INT64(8),
  /** IEEE 754 binary32. */
  FP32(4),
  /** IEEE 754 binary64. */
  FP64(8);

  private final int sizeBytes;

  Datatype(int sizeBytes) {
    this.sizeBytes = sizeBytes;
  }

  /** Bytes of one element. */
  int sizeBytes() {
    return sizeBytes;
  }
}

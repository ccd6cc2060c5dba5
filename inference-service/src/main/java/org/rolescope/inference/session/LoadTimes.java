package org.rolescope.inference.session;

/**
 * What it took to load a stage; all zero where it was resident.
 *
 * @param readBytes bytes read from the weight files
 * @param readNanos time the reading took; it runs beside the stage before
 * @param waitNanos time the pass waited for the reading to end
 * @param convertNanos time widening and checking the weights took
 * @param sessionNanos time ONNX Runtime took to make a session
 */
public record LoadTimes(
    long readBytes, long readNanos, long waitNanos, long convertNanos, long sessionNanos) {
  /** Nothing had to be loaded. */
  static final LoadTimes NONE = new LoadTimes(0, 0, 0, 0, 0);
}

package org.rolescope.inference.session;

/**
 * What it took to load a stage; all zero where it was resident.
 *
 * @param readBytes bytes read from the weight files
 * @param readNanos time fetching them from disk took; it runs beside the stage before
 * @param waitNanos time the pass waited for the fetching to end
 * @param convertNanos time it took to take the weights from the page cache, widen and check them
 * @param sessionNanos time ONNX Runtime took to make a session
 */
public record LoadTimes(
    long readBytes, long readNanos, long waitNanos, long convertNanos, long sessionNanos) {
  /** Nothing had to be loaded. */
  static final LoadTimes NONE = new LoadTimes(0, 0, 0, 0, 0);
}

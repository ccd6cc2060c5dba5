package org.rolescope.inference.forward;

import org.rolescope.inference.session.LoadTimes;
import org.rolescope.tensors.bundle.Stage;

/**
 * What one stage of a pass cost.
 *
 * @param stage the stage
 * @param resident whether it stays loaded between requests
 * @param load what it took to load it; all zero where it was loaded already
 * @param batchCount batches it ran
 * @param runNanos time in ONNX Runtime, all batches together
 * @param totalNanos time from asking for the stage to having sent its tensors, a slow reader's time
 *     included
 */
public record StageReport(
    Stage stage,
    boolean resident,
    LoadTimes load,
    int batchCount,
    long runNanos,
    long totalNanos) {}

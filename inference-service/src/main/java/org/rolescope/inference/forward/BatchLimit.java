package org.rolescope.inference.forward;

import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.ModelDimensions;

/**
 * How many prompts may run together: as many as asked for, and no more than keep the tokens and the
 * largest tensor of the batch under their limits.
 *
 * @param limits the limits asked for
 * @param dimensions sizes of the model
 */
record BatchLimit(PassLimits limits, ModelDimensions dimensions) {
  /**
   * Most prompts of this length in a batch; at least 1.
   *
   * @param length tokens a prompt
   * @throws RolescopeException RESOURCE_EXHAUSTED where a single prompt is too much
   */
  int maxPrompts(int length) {
    long largestRow =
        Math.max(
            Math.max(dimensions.hiddenSize(), dimensions.intermediateSize()),
            Math.max(
                (long) dimensions.headCount() * length,
                (long) dimensions.headCount() * dimensions.headSize()));
    long promptBytes = Math.multiplyExact(Float.BYTES * (long) length, largestRow);
    if (promptBytes > limits.maxTensorBytes()) {
      throw new RolescopeException(
          FaultCode.RESOURCE_EXHAUSTED,
          "A prompt of %d tokens needs a tensor of %d bytes, more than the limit of %d; shorten it or raise rolescope.inference.max-tensor-bytes"
              .formatted(length, promptBytes, limits.maxTensorBytes()));
    }
    long logitsBytes = (long) Float.BYTES * dimensions.vocabularySize();
    long fitting = limits.maxTensorBytes() / Math.max(promptBytes, logitsBytes);
    return Math.clamp(Math.min(fitting, limits.maxTokens() / length), 1, limits.maxPrompts());
  }
}

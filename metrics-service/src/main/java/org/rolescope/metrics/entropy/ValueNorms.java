package org.rolescope.metrics.entropy;

import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.TensorView;

/**
 * Value norms of one batch, kept until its pattern comes.
 *
 * @param prompts the prompts of the batch
 * @param positions number of keys
 * @param values Euclidean norm of v W_O, [batch, head, key_pos]; not copied
 */
record ValueNorms(List<Integer> prompts, int positions, float[] values) {
  private static final List<String> AXES = List.of(Axis.BATCH, Axis.HEAD, Axis.KEY_POS);

  /**
   * Copies the norms of a tensor, whose memory is used again.
   *
   * @param origin who sends it
   * @param layer the layer, for messages
   * @param headCount number of heads the tensor must have
   * @throws RolescopeException what the origin says where it has another shape, DATA_LOSS where a
   *     norm is negative or not finite
   */
  static ValueNorms read(TensorOrigin origin, int layer, int headCount, TensorView tensor) {
    if (!tensor.shape().names().equals(AXES) || tensor.shape().size(Axis.HEAD) != headCount) {
      throw origin.mismatch(
          layer,
          "a tensor %s has the shape %s, not that of value norms of %d heads"
              .formatted(tensor.name(), tensor.shape(), headCount));
    }
    int positions = tensor.shape().size(Axis.KEY_POS);
    float[] values = new float[Math.toIntExact(tensor.shape().elementCount())];
    tensor.floats().get(values);
    for (int index = 0; index < values.length; index++) {
      if (!(values[index] >= 0 && values[index] <= Float.MAX_VALUE)) {
        int matrix = index / positions;
        throw new RolescopeException(
            FaultCode.DATA_LOSS,
            "The value norms of layer %d, head %d, prompt %d are damaged: that of key %d is %s, not a number from 0 on; verify the model and measure it again"
                .formatted(
                    layer,
                    matrix % headCount,
                    tensor.promptIndices().get(matrix / headCount),
                    index % positions,
                    values[index]));
      }
    }
    return new ValueNorms(tensor.promptIndices(), positions, values);
  }
}

package org.rolescope.orchestrator.intervene;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.CaptureDecoder;
import org.rolescope.v1.CaptureStarted;

/**
 * Mean of a tap over all positions of all prompts, each position counting the same. Summed in
 * double, prompt by prompt in order, so that it does not depend on the batches; rounded to float32
 * at the end. Not thread-safe.
 */
final class PositionMean implements CaptureDecoder.Sink {
  private final String tap;
  private final double[][] sums;
  private final int[] positions;
  private final int width;

  /**
   * Begins.
   *
   * @param tap name of the tap, whose tensors are [batch, pos, ...]
   * @param promptCount number of prompts
   * @param width numbers a position
   */
  PositionMean(String tap, int promptCount, int width) {
    this.tap = tap;
    this.width = width;
    sums = new double[promptCount][];
    positions = new int[promptCount];
  }

  @Override
  public void started(CaptureStarted started) {
    if (started.getPromptsCount() != sums.length) {
      throw unexpected(started.getPromptsCount() + " tokenised prompts");
    }
  }

  @Override
  public void tensor(TensorView tensor) {
    int count = tensor.shape().names().contains(Axis.POS) ? tensor.shape().size(Axis.POS) : 0;
    long expected = (long) tensor.promptIndices().size() * count * width;
    if (!tensor.name().equals(tap) || count == 0 || tensor.shape().elementCount() != expected) {
      throw unexpected("tensor %s %s".formatted(tensor.name(), tensor.shape()));
    }
    for (int index = 0; index < tensor.promptIndices().size(); index++) {
      add(tensor.promptIndices().get(index), count, tensor.floatsOf(index));
    }
  }

  /** The mean, float32 little-endian. */
  ByteString values() {
    double[] total = new double[width];
    long count = 0;
    for (int prompt = 0; prompt < sums.length; prompt++) {
      if (sums[prompt] == null) {
        throw unexpected("no tensor of prompt " + prompt);
      }
      for (int index = 0; index < width; index++) {
        total[index] += sums[prompt][index];
      }
      count += positions[prompt];
    }
    ByteBuffer mean = ByteBuffer.allocate(width * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (double sum : total) {
      mean.putFloat((float) (sum / count));
    }
    return ByteString.copyFrom(mean.flip());
  }

  private void add(int prompt, int count, FloatBuffer values) {
    if (prompt < 0 || prompt >= sums.length || sums[prompt] != null) {
      throw unexpected("prompt " + prompt);
    }
    sums[prompt] = new double[width];
    positions[prompt] = count;
    for (int index = 0; index < count * width; index++) {
      sums[prompt][index % width] += values.get(index);
    }
  }

  private RolescopeException unexpected(String what) {
    return new RolescopeException(
        FaultCode.DATA_LOSS,
        "The inference service sent %s where %s of %d prompts, %d numbers a position, was due; check that all services are of one version"
            .formatted(what, tap, sums.length, width));
  }
}

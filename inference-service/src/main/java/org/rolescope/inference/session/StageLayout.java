package org.rolescope.inference.session;

import java.util.ArrayList;
import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageWeight;

/**
 * Where the weights of a stage lie in memory once they are settled, as its graph takes them.
 *
 * @param placements the weights
 * @param rawBytes size of all on disk
 * @param settledBytes memory all take
 */
record StageLayout(List<Placement> placements, long rawBytes, long settledBytes) {
  /**
   * One weight.
   *
   * @param weight what and where it is on disk
   * @param initializer name of the initialiser that takes it
   * @param type type in which the graph takes it
   * @param offsetBytes place in memory
   * @param sizeBytes size in memory
   */
  record Placement(
      StageWeight weight, String initializer, DType type, long offsetBytes, long sizeBytes) {}

  /** Copies the placements. */
  StageLayout {
    placements = List.copyOf(placements);
  }

  /**
   * The layout of a stage.
   *
   * @throws RolescopeException MALFORMED_MODEL where a weight is larger than a tensor can be
   */
  static StageLayout of(RunnableGraph graph, Stage stage) {
    List<Placement> placements = new ArrayList<>();
    long raw = 0;
    long settled = 0;
    for (StageWeight weight : stage.weights()) {
      if (!graph.isGathered(weight)) {
        DType type = graph.injectedType(weight);
        long size = settledBytes(weight, type);
        placements.add(new Placement(weight, graph.initializerName(weight), type, settled, size));
        raw += weight.sizeBytes();
        settled += aligned(size);
      }
    }
    return new StageLayout(placements, raw, settled);
  }

  /** The most memory the weights of a stage can take in the graph: all in float32, bytes. */
  static long largestSettledBytes(Stage stage) {
    return stage.weights().stream()
        .mapToLong(weight -> aligned(Math.max(weight.sizeBytes(), float32Bytes(weight))))
        .sum();
  }

  private static long settledBytes(StageWeight weight, DType type) {
    long elements = weight.sizeBytes() / weight.dataType().sizeBytes();
    long size = Math.multiplyExact(elements, (long) type.sizeBytes());
    if (size > Integer.MAX_VALUE) {
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "The tensor %s takes %d bytes as %s but a stage can hold tensors of at most %d; export the model again, which cuts it"
              .formatted(weight.name(), size, type, Integer.MAX_VALUE));
    }
    return size;
  }

  private static long float32Bytes(StageWeight weight) {
    return Math.multiplyExact(
        weight.sizeBytes() / weight.dataType().sizeBytes(), (long) Float.BYTES);
  }

  private static long aligned(long bytes) {
    return Math.ceilDiv(bytes, WeightBlock.ALIGNMENT_BYTES) * WeightBlock.ALIGNMENT_BYTES;
  }
}

package org.rolescope.inference.session;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.bundle.StageWeight;

/**
 * Reads weights on all cores, piece by piece, and widens each piece while it is still in the cache
 * of its core. So nothing but the settled weights is ever in the memory of the process. May be used
 * by several threads.
 */
final class WeightReader implements AutoCloseable {
  /** Elements in a piece: 512 KiB of 16-bit weights, which a core's own cache commonly holds. */
  private static final long PIECE_ELEMENTS = 1L << 18;

  private final WeightFiles files;
  private final BlockPool buffers = new BlockPool(PIECE_ELEMENTS * Float.BYTES);

  /**
   * A reader of these files.
   *
   * @param files the files, which stay the caller's
   */
  WeightReader(WeightFiles files) {
    this.files = files;
  }

  /**
   * Reads every weight of a stage to its place, in the type in which the graph takes it.
   *
   * @param layout where the weights go
   * @param block takes them
   * @throws RolescopeException MALFORMED_MODEL where a weight cannot be read or is not finite;
   *     CANCELLED once the files are stopped; all pieces have ended by then
   */
  void read(StageLayout layout, WeightBlock block) {
    List<RolescopeException> faults =
        layout.placements().stream()
            .flatMap(placement -> pieces(placement, block))
            .toList()
            .parallelStream()
            .map(Piece::read)
            .filter(Objects::nonNull)
            .toList();
    if (!faults.isEmpty()) {
      throw faults.getFirst();
    }
  }

  @Override
  public void close() {
    buffers.close();
  }

  private Stream<Piece> pieces(StageLayout.Placement placement, WeightBlock block) {
    long elements = placement.weight().sizeBytes() / placement.weight().dataType().sizeBytes();
    return LongStream.range(0, Math.ceilDiv(elements, PIECE_ELEMENTS))
        .mapToObj(
            index -> {
              long from = index * PIECE_ELEMENTS;
              return new Piece(placement, block, from, Math.min(PIECE_ELEMENTS, elements - from));
            });
  }

  /** Some elements of one weight. */
  private final class Piece {
    private final StageWeight weight;
    private final DType type;
    private final long offsetBytes;
    private final long sizeBytes;
    private final MemorySegment target;

    private Piece(StageLayout.Placement placement, WeightBlock block, long from, long count) {
      weight = placement.weight();
      type = placement.type();
      offsetBytes = from * weight.dataType().sizeBytes();
      sizeBytes = count * weight.dataType().sizeBytes();
      target =
          block.slice(placement.offsetBytes() + from * type.sizeBytes(), count * type.sizeBytes());
    }

    /** The fault is returned and not thrown, so that no other piece is left running. */
    private RolescopeException read() {
      try {
        return isRead() ? null : StageWeights.notFinite(weight, type);
      } catch (RolescopeException fault) {
        return fault;
      }
    }

    private boolean isRead() {
      if (type == weight.dataType()) {
        files.read(weight, offsetBytes, target);
        return Widening.isFinite(type, target);
      }
      try (WeightBlock buffer = buffers.acquire()) {
        MemorySegment stored = buffer.slice(0, sizeBytes);
        files.read(weight, offsetBytes, stored);
        return type == DType.F16
            ? Widening.toFloat16(weight.dataType(), stored, target)
            : Widening.toFloat32(weight.dataType(), stored, target);
      }
    }
  }
}

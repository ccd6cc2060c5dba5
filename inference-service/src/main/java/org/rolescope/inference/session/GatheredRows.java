package org.rolescope.inference.session;

import ai.onnxruntime.OnnxTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.bundle.StageWeight;

/**
 * The rows of tables that one batch asks for, each once, and the ids by which to find them there. A
 * vocabulary's embedding can be larger than a Java buffer; a batch needs a few hundred rows of it.
 */
final class GatheredRows implements AutoCloseable {
  // One thread makes, uses and closes it; closing a shared arena stops all threads for a moment.
  private final Arena arena = Arena.ofConfined();
  private final NativeHandles.Handle handle = new NativeHandles.Handle(NativeHandles.Scope.PASS);
  private final Map<String, OnnxTensor> tables = new HashMap<>();
  private final long[] distinctIds;
  private final StageTensor places;

  private GatheredRows(StageTensor tokenIds) {
    long[] ids = tokenIds.copyLongs();
    distinctIds = Arrays.stream(ids).sorted().distinct().toArray();
    long[] found = Arrays.stream(ids).map(id -> Arrays.binarySearch(distinctIds, id)).toArray();
    places = StageTensor.ofLongs(found, tokenIds.shape());
  }

  /**
   * Reads the rows a batch needs.
   *
   * @param session the stage whose tables they are
   * @param files the weight files
   * @param tokenIds row numbers, of any shape
   * @throws RolescopeException MALFORMED_MODEL where a table lacks a row or holds NaN or infinity
   */
  static GatheredRows read(StageSession session, WeightFiles files, StageTensor tokenIds) {
    GatheredRows rows = new GatheredRows(tokenIds);
    try {
      session
          .gatheredTables()
          .forEach((name, table) -> rows.add(files, name, table, session.isWidened(table)));
      return rows;
    } catch (RuntimeException failed) {
      rows.close();
      throw failed;
    }
  }

  /** The tables that hold nothing but the rows, by name of the input that takes them. */
  Map<String, OnnxTensor> tables() {
    return tables;
  }

  /** For each token id the place of its row; int64, shaped like the ids. */
  StageTensor places() {
    return places;
  }

  @Override
  public void close() {
    tables.values().forEach(OnnxTensor::close);
    places.close();
    arena.close();
    handle.close();
  }

  private void add(WeightFiles files, String name, StageWeight table, boolean widened) {
    MemorySegment rows = stored(files, table);
    DType type = widened ? DType.F32 : table.dataType();
    if (!Widening.isFinite(table.dataType(), rows)) {
      throw StageWeights.notFinite(table, type);
    }
    if (type != table.dataType()) {
      MemorySegment wide = OffHeap.allocate(arena, rows.byteSize() * 2);
      Widening.toFloat32(table.dataType(), rows, wide);
      rows = wide;
    }
    long width = table.shape().getLast();
    tables.put(name, StageWeights.tensor(rows, type, distinctIds.length, width));
  }

  private MemorySegment stored(WeightFiles files, StageWeight table) {
    long rowBytes = table.sizeBytes() / table.shape().getFirst();
    MemorySegment rows = OffHeap.allocate(arena, Math.multiplyExact(distinctIds.length, rowBytes));
    for (int place = 0; place < distinctIds.length; place++) {
      long id = distinctIds[place];
      if (id < 0 || id >= table.shape().getFirst()) {
        throw new RolescopeException(
            FaultCode.MALFORMED_MODEL,
            "Token %d has no row in the tensor %s of %d rows; take the tokenizer that belongs to the model"
                .formatted(id, table.name(), table.shape().getFirst()));
      }
      files.read(table, id * rowBytes, rows.asSlice(place * rowBytes, rowBytes));
    }
    return rows;
  }
}

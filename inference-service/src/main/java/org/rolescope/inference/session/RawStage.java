package org.rolescope.inference.session;

import org.rolescope.tensors.bundle.Stage;

/**
 * The weights of a stage as they came from disk.
 *
 * @param stage the stage
 * @param graph its graph
 * @param layout where they lie
 * @param block the memory; whoever holds the record closes it
 * @param readNanos time it took to read them
 */
record RawStage(
    Stage stage, RunnableGraph graph, StageLayout layout, WeightBlock block, long readNanos)
    implements AutoCloseable {
  /** Reads every weight of a stage; closes the block where that fails. */
  static RawStage read(
      WeightFiles files, Stage stage, RunnableGraph graph, StageLayout layout, WeightBlock block) {
    long start = System.nanoTime();
    try {
      for (StageLayout.Placement placement : layout.placements()) {
        long size = placement.weight().sizeBytes();
        files.read(placement.weight(), 0, block.slice(placement.rawOffsetBytes(), size));
      }
      return new RawStage(stage, graph, layout, block, System.nanoTime() - start);
    } catch (RuntimeException failed) {
      block.close();
      throw failed;
    }
  }

  @Override
  public void close() {
    block.close();
  }
}

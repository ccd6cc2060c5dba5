package org.rolescope.bench.command;

import java.nio.file.Path;
import org.rolescope.bench.checkpoint.ModelShape;
import org.rolescope.bench.checkpoint.StoredFloat;
import org.rolescope.bench.checkpoint.SyntheticCheckpoint;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which checkpoint to make, and where. */
final class CheckpointOptions {
  @Parameters(index = "0", paramLabel = "SHAPE", description = "For example llama-3.1-8b.")
  private String shape;

  @Option(names = "--layers", description = "Layers; as many as the model has where absent.")
  private Integer layers;

  @Option(
      names = "--dtype",
      defaultValue = "bf16",
      description = "Element type of the weights: ${COMPLETION-CANDIDATES}.")
  private StoredFloat type;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "Folder to write to and to keep; a temporary one, deleted, where absent.")
  private Path keep;

  /** The checkpoint. */
  SyntheticCheckpoint checkpoint() {
    ModelShape named = ModelShape.named(shape);
    return new SyntheticCheckpoint(layers == null ? named : named.withLayers(layers), type);
  }

  /** Folder to keep, or null. */
  Path keep() {
    return keep;
  }
}

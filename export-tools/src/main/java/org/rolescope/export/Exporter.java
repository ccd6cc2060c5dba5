package org.rolescope.export;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rolescope.export.architecture.Architecture;
import org.rolescope.export.architecture.Decoder;
import org.rolescope.export.checkpoint.Checkpoint;
import org.rolescope.export.checkpoint.TokenizerCheck;
import org.rolescope.export.file.FileFaults;
import org.rolescope.export.stage.StageSizes;
import org.rolescope.export.stage.WeightCatalog;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.BundleManifest;

/**
 * Exports checkpoints. No weight is copied: the bundle gets a hard link to the weight file, or,
 * where there can be none, the manifest names the file. A bundle is made in a hidden folder beside
 * its place and renamed into it, so a failure leaves nothing behind. Equal checkpoints give equal
 * bytes.
 */
public final class Exporter {
  private final WeightLinker linker;
  private final long maxUnembeddingBytes;

  /** An exporter that places weights by hard link. */
  public Exporter() {
    this(WeightLinker.HARD_LINK);
  }

  /**
   * An exporter that places weights in another way.
   *
   * @param linker gives weight files a name inside the bundle
   */
  public Exporter(WeightLinker linker) {
    this(linker, StageSizes.DEFAULT_MAX_UNEMBEDDING_BYTES);
  }

  /**
   * An exporter that also cuts the unembedding in another way.
   *
   * @param linker gives weight files a name inside the bundle
   * @param maxUnembeddingBytes largest part of the unembedding in one stage, in float32
   */
  public Exporter(WeightLinker linker, long maxUnembeddingBytes) {
    this.linker = requireNonNull(linker, "linker is null");
    this.maxUnembeddingBytes = maxUnembeddingBytes;
  }

  /**
   * Exports a checkpoint. Where the same bundle is there already and complete, it stays as it is.
   *
   * @throws RolescopeException NOT_FOUND where the checkpoint or a part of it is missing,
   *     MALFORMED_MODEL where it is damaged or not supported, CONFLICT where something else is in
   *     the place of the bundle, INVALID_ARGUMENT where the bundle would replace the checkpoint,
   *     RESOURCE_EXHAUSTED where it cannot be written
   */
  public ExportedBundle export(ExportRequest request) {
    Checkpoint checkpoint = Checkpoint.open(request.snapshot());
    Decoder model = Architecture.decoder(checkpoint.configuration());
    TokenizerCheck.check(checkpoint.tokenizer(), model.dimensions().vocabularySize());
    WeightCatalog catalog = WeightCatalog.of(model, checkpoint);
    StageSizes sizes = new StageSizes(request.layersPerStage(), maxUnembeddingBytes);
    try {
      TargetFolder target = TargetFolder.of(request.bundle(), sources(checkpoint));
      try (StagingFolder staging = StagingFolder.beside(request.bundle())) {
        BundleManifest manifest =
            new BundleWriter(staging.folder(), checkpoint, model, catalog, linker).write(sizes);
        return target.accept(staging.folder(), manifest, request.overwrite());
      }
    } catch (IOException failed) {
      throw FileFaults.unwritable(request.bundle(), failed);
    } catch (UncheckedIOException failed) {
      throw FileFaults.unwritable(request.bundle(), failed.getCause());
    }
  }

  private static List<Path> sources(Checkpoint checkpoint) {
    List<Path> sources = new ArrayList<>();
    sources.add(checkpoint.folder());
    checkpoint.weights().forEach(shard -> sources.add(shard.content().path()));
    return sources;
  }
}

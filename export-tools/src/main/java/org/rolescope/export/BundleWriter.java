package org.rolescope.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rolescope.export.architecture.Decoder;
import org.rolescope.export.checkpoint.Checkpoint;
import org.rolescope.export.checkpoint.Quantisation;
import org.rolescope.export.checkpoint.WeightShard;
import org.rolescope.export.safetensors.WeightFingerprint;
import org.rolescope.export.stage.StageContext;
import org.rolescope.export.stage.StageGraph;
import org.rolescope.export.stage.StagePlan;
import org.rolescope.export.stage.StageSizes;
import org.rolescope.export.stage.WeightCatalog;
import org.rolescope.tensors.bundle.AttentionKind;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.WeightFile;
import org.rolescope.tensors.bundle.json.ManifestJson;

/** Writes the files of one bundle into an empty folder. */
final class BundleWriter {
  private final Path folder;
  private final Checkpoint checkpoint;
  private final Decoder model;
  private final WeightLinker linker;
  private final WeightCatalog catalog;
  private final ContentDigest digest = new ContentDigest();

  BundleWriter(
      Path folder,
      Checkpoint checkpoint,
      Decoder model,
      WeightCatalog catalog,
      WeightLinker linker) {
    this.folder = folder;
    this.checkpoint = checkpoint;
    this.model = model;
    this.catalog = catalog;
    this.linker = linker;
  }

  /** Writes everything, the manifest last. */
  BundleManifest write(StageSizes sizes) throws IOException {
    Files.createDirectory(folder.resolve(StageContext.FOLDER));
    copySideFiles();
    List<WeightFile> weightFiles = placeWeights();
    List<Stage> stages = writeStages(weightFiles, sizes);
    BundleManifest manifest =
        new BundleManifest(
            BundleManifest.FORMAT_VERSION,
            Version.current(),
            digest.sha256(),
            model.dimensions(),
            model.rotary().orElse(null),
            model.slidingWindow(),
            stages,
            weightFiles,
            Checkpoint.TOKENIZER_FILE,
            AttentionKind.CAUSAL,
            Quantisation.of(checkpoint.configuration()),
            null);
    Files.writeString(folder.resolve(BundleManifest.FILE_NAME), ManifestJson.write(manifest));
    return manifest;
  }

  private void copySideFiles() throws IOException {
    for (Path file : checkpoint.sideFiles()) {
      Path copy = folder.resolve(file.getFileName());
      Files.copy(file, copy);
      digest.add(copy.getFileName().toString(), ContentDigest.sha256(copy));
    }
  }

  private List<WeightFile> placeWeights() {
    List<WeightFile> files = new ArrayList<>();
    for (WeightShard shard : checkpoint.weights()) {
      String fingerprint = WeightFingerprint.of(shard.content(), catalog::uses);
      Path source = shard.content().path();
      String name = StageContext.FOLDER + "/" + shard.name();
      digest.add(name, fingerprint);
      files.add(
          new WeightFile(
              link(folder.resolve(name), source) ? name : null,
              source.toString(),
              shard.content().sizeBytes(),
              fingerprint));
    }
    return files;
  }

  private boolean link(Path link, Path source) {
    try {
      linker.link(link, source);
      return true;
    } catch (IOException | UnsupportedOperationException impossible) {
      // Another file system, or not permitted: the manifest then names the source.
      return false;
    }
  }

  /**
   * Writes the stages. Their digest is that of the stages as they are with linked weights, so that
   * bundles of one model are equal whether or not the file system allows links.
   */
  private List<Stage> writeStages(List<WeightFile> weightFiles, StageSizes sizes)
      throws IOException {
    StageContext actual = new StageContext(model, catalog, weightFiles, Version.current());
    StageContext linked = actual.withLinks(checkpoint.weights());
    List<Stage> stages = new ArrayList<>();
    for (StagePlan plan : StagePlan.of(model.dimensions(), sizes)) {
      StageGraph graph = plan.build(linked);
      String name = graph.stage().file();
      digest.add(name, ContentDigest.sha256(graph.model().toByteArray()));
      StageGraph written = actual.equals(linked) ? graph : plan.build(actual);
      Files.write(folder.resolve(name), written.model().toByteArray());
      stages.add(written.stage());
    }
    return stages;
  }
}

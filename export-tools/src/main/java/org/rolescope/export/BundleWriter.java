package org.rolescope.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rolescope.export.architecture.Architecture;
import org.rolescope.export.checkpoint.Checkpoint;
import org.rolescope.export.checkpoint.WeightShard;
import org.rolescope.export.stage.StageContext;
import org.rolescope.export.stage.StageGraph;
import org.rolescope.export.stage.StagePlan;
import org.rolescope.export.stage.WeightCatalog;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.WeightFile;
import org.rolescope.tensors.bundle.json.ManifestJson;

/** Writes the files of one bundle into an empty folder. */
final class BundleWriter {
  private final Path folder;
  private final Checkpoint checkpoint;
  private final Architecture architecture;
  private final WeightLinker linker;
  private final ContentDigest digest = new ContentDigest();

  BundleWriter(Path folder, Checkpoint checkpoint, Architecture architecture, WeightLinker linker) {
    this.folder = folder;
    this.checkpoint = checkpoint;
    this.architecture = architecture;
    this.linker = linker;
  }

  /** Writes everything, the manifest last. */
  BundleManifest write(WeightCatalog catalog, int layersPerStage) throws IOException {
    Files.createDirectory(folder.resolve(StageContext.FOLDER));
    copySideFiles();
    List<WeightFile> weightFiles = placeWeights();
    StageContext context = new StageContext(architecture, catalog, weightFiles, Version.current());
    List<Stage> stages = writeStages(context, layersPerStage);
    BundleManifest manifest =
        new BundleManifest(
            BundleManifest.FORMAT_VERSION,
            Version.current(),
            digest.sha256(),
            architecture.dimensions(),
            architecture.rotary(),
            0,
            stages,
            weightFiles,
            Checkpoint.TOKENIZER_FILE,
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

  private List<WeightFile> placeWeights() throws IOException {
    List<WeightFile> files = new ArrayList<>();
    for (WeightShard shard : checkpoint.weights()) {
      Path source = shard.content().path();
      String sha256 = ContentDigest.sha256(source);
      String name = StageContext.FOLDER + "/" + shard.name();
      digest.add(name, sha256);
      files.add(
          new WeightFile(
              link(folder.resolve(name), source) ? name : null,
              source.toString(),
              shard.content().sizeBytes(),
              sha256));
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

  private List<Stage> writeStages(StageContext context, int layersPerStage) throws IOException {
    List<Stage> stages = new ArrayList<>();
    for (StagePlan plan : StagePlan.of(architecture.dimensions(), layersPerStage)) {
      StageGraph graph = plan.build(context);
      Path file = folder.resolve(graph.stage().file());
      Files.write(file, graph.model().toByteArray());
      digest.add(graph.stage().file(), ContentDigest.sha256(file));
      stages.add(graph.stage());
    }
    return stages;
  }
}

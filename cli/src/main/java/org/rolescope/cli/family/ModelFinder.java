package org.rolescope.cli.family;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.rolescope.export.architecture.Architecture;
import org.rolescope.export.checkpoint.Checkpoint;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.export.file.FileFaults;
import org.rolescope.export.hub.Hub;
import org.rolescope.export.hub.HubFile;
import org.rolescope.export.hub.HubProgress;
import org.rolescope.export.hub.HubSnapshot;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.ModelDimensions;

/** Looks at the models of a family, and later gets them. */
public final class ModelFinder {
  private static final String WEIGHTS = ".safetensors";

  private final Supplier<Hub> hub;

  /**
   * A finder.
   *
   * @param hub the hub; asked for only where a family has a model on one
   */
  public ModelFinder(Supplier<Hub> hub) {
    this.hub = requireNonNull(hub, "hub is null");
  }

  /**
   * Looks at the models of a family. Of a model on a hub nothing is fetched but its configuration
   * and the index of its weights.
   *
   * @param progress is told of what is fetched and of attempts that failed
   * @throws RolescopeException NOT_FOUND where a model or a part of it is missing, MALFORMED_MODEL
   *     where one is damaged or not supported, UNAVAILABLE where the hub cannot be reached
   */
  public List<FoundModel> find(Family family, HubProgress progress) {
    return family.models().entrySet().stream()
        .map(
            model ->
                switch (model.getValue()) {
                  case ModelSource.Folder folder -> inFolder(model.getKey(), folder);
                  case ModelSource.OnHub onHub -> onHub(model.getKey(), onHub, progress);
                })
        .toList();
  }

  /**
   * Gets a model that was found.
   *
   * @return folder of its checkpoint
   * @throws RolescopeException as {@link Hub#fetch} where it has to be fetched
   */
  public Path get(FoundModel model, HubProgress progress) {
    return switch (model.source()) {
      case ModelSource.Folder folder -> folder.path();
      case ModelSource.OnHub onHub -> hub.get().fetch(model.snapshot().orElseThrow(), progress);
    };
  }

  private static FoundModel inFolder(String name, ModelSource.Folder folder) {
    Checkpoint checkpoint = Checkpoint.open(folder.path());
    long weightBytes =
        checkpoint.weights().stream().mapToLong(shard -> shard.content().sizeBytes()).sum();
    long sideBytes = checkpoint.sideFiles().stream().mapToLong(ModelFinder::sizeBytes).sum();
    return new FoundModel(
        name,
        folder,
        Optional.empty(),
        dimensions(checkpoint.configuration()),
        weightBytes + sideBytes,
        0,
        sideBytes);
  }

  private FoundModel onHub(String name, ModelSource.OnHub source, HubProgress progress) {
    HubSnapshot found = hub.get().look(source.model(), progress);
    Path folder = hub.get().fetch(configuration(found), progress);
    HubSnapshot snapshot = withConfiguration(found);
    long sideBytes =
        snapshot.files().stream()
            .filter(file -> !file.name().endsWith(WEIGHTS))
            .mapToLong(HubFile::sizeBytes)
            .sum();
    return new FoundModel(
        name,
        source,
        Optional.of(snapshot),
        dimensions(Configuration.read(folder.resolve(Checkpoint.CONFIGURATION_FILE))),
        snapshot.sizeBytes() - snapshot.missingBytes(),
        snapshot.missingBytes(),
        sideBytes);
  }

  /** The snapshot as if it had one file only, so that only that one is fetched. */
  private static HubSnapshot configuration(HubSnapshot snapshot) {
    return with(snapshot, snapshot.files().stream().filter(ModelFinder::isConfiguration).toList());
  }

  /** The snapshot after its configuration was fetched. */
  private static HubSnapshot withConfiguration(HubSnapshot snapshot) {
    return with(
        snapshot,
        snapshot.files().stream()
            .map(
                file ->
                    isConfiguration(file)
                        ? new HubFile(file.name(), file.sizeBytes(), file.checksum(), true, 0)
                        : file)
            .toList());
  }

  private static HubSnapshot with(HubSnapshot snapshot, List<HubFile> files) {
    return new HubSnapshot(snapshot.model(), snapshot.commit(), files, snapshot.folder());
  }

  private static boolean isConfiguration(HubFile file) {
    return file.name().equals(Checkpoint.CONFIGURATION_FILE);
  }

  private static ModelDimensions dimensions(Configuration configuration) {
    return Architecture.decoder(configuration).dimensions();
  }

  private static long sizeBytes(Path file) {
    try {
      return Files.size(file);
    } catch (IOException unreadable) {
      throw FileFaults.unreadable(file, unreadable);
    }
  }
}

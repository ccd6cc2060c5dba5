package org.rolescope.export.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.rolescope.export.checkpoint.Checkpoint;
import org.rolescope.export.checkpoint.ShardIndex;
import org.rolescope.export.file.FileFaults;
import org.rolescope.fault.RolescopeException;

/** What the cache alone knows of a model. */
final class CachedSnapshot {
  private CachedSnapshot() {}

  /**
   * The whole copy in the cache.
   *
   * @throws RolescopeException NOT_FOUND where there is none
   */
  static HubSnapshot of(HubCache cache, HubFaults faults) {
    HubModel model = cache.model();
    try {
      String commit =
          cache.commit().orElseThrow(() -> faults.notCached("it does not know the revision"));
      Path folder = cache.snapshot(commit);
      List<HubFile> files = new ArrayList<>();
      for (String name : names(folder, faults)) {
        Path file = folder.resolve(name);
        files.add(new HubFile(name, Files.size(file), checksum(file), true, 0));
      }
      return new HubSnapshot(model, commit, files, folder);
    } catch (IOException unreadable) {
      throw FileFaults.unreadable(cache.root(), unreadable);
    }
  }

  /** Whether there is a whole copy. */
  static boolean exists(HubCache cache, HubFaults faults) {
    try {
      return of(cache, faults).isCached();
    } catch (RolescopeException absent) {
      return false;
    }
  }

  private static List<String> names(Path folder, HubFaults faults) throws IOException {
    List<String> there = namesIn(folder);
    List<String> needed = new ArrayList<>(NeededFiles.sideFiles(there));
    List<String> required =
        new ArrayList<>(List.of(Checkpoint.CONFIGURATION_FILE, Checkpoint.TOKENIZER_FILE));
    if (!there.contains(Checkpoint.WEIGHTS_FILE) && there.contains(Checkpoint.SHARD_INDEX_FILE)) {
      needed.add(Checkpoint.SHARD_INDEX_FILE);
      required.addAll(ShardIndex.read(folder.resolve(Checkpoint.SHARD_INDEX_FILE)).fileNames());
    } else {
      required.add(Checkpoint.WEIGHTS_FILE);
    }
    for (String name : required) {
      if (!there.contains(name)) {
        throw faults.notCached("it lacks " + name);
      }
    }
    required.stream().filter(name -> !needed.contains(name)).forEach(needed::add);
    return needed.stream().sorted().toList();
  }

  /** Files whose content is there: a link to a blob that is gone is no file. */
  private static List<String> namesIn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).toList();
    }
  }

  /** The name of the blob, if a link leads to one. */
  private static String checksum(Path file) throws IOException {
    return Files.isSymbolicLink(file) ? file.toRealPath().getFileName().toString() : "";
  }
}

package org.rolescope.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.WeightFile;
import org.rolescope.tensors.bundle.json.ManifestJson;

/** The folder a bundle goes to, and what may already be there. Never replaces what is no bundle. */
final class TargetFolder {
  private final Path folder;

  private TargetFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Checks that a bundle can go to this folder.
   *
   * @param sources files and folders of the checkpoint, none of which may lie in the folder
   * @throws RolescopeException CONFLICT where something else is there, INVALID_ARGUMENT where the
   *     folder holds the checkpoint or is the root of the file system
   */
  static TargetFolder of(Path folder, List<Path> sources) throws IOException {
    if (folder.getParent() == null) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "%s is the root of the file system; name a folder in it".formatted(folder));
    }
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      checkReplaceable(folder, sources);
    }
    return new TargetFolder(folder);
  }

  private static void checkReplaceable(Path folder, List<Path> sources) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new RolescopeException(
          FaultCode.CONFLICT,
          "%s exists and is not a folder; name another one for the bundle".formatted(folder));
    }
    if (!isEmpty(folder) && !Files.exists(folder.resolve(BundleManifest.FILE_NAME))) {
      throw new RolescopeException(
          FaultCode.CONFLICT,
          "%s exists and is no model bundle; name another folder for the bundle".formatted(folder));
    }
    for (Path source : sources) {
      if (source.toRealPath().startsWith(folder.toRealPath())) {
        throw new RolescopeException(
            FaultCode.INVALID_ARGUMENT,
            "The checkpoint %s lies inside %s; name another folder for the bundle"
                .formatted(source, folder));
      }
    }
  }

  /**
   * Puts a bundle in place, unless the same one is there and complete. One with the same digest
   * that has lost files is made whole.
   *
   * @param staged folder with the new bundle, on the same file system
   * @param manifest its manifest
   * @param overwrite whether a bundle of another content may be replaced
   * @throws RolescopeException CONFLICT where another bundle is there and may not be replaced
   */
  ExportedBundle accept(Path staged, BundleManifest manifest, boolean overwrite)
      throws IOException {
    if (!Files.exists(folder) || isEmpty(folder)) {
      Files.deleteIfExists(folder);
      Files.move(staged, folder, StandardCopyOption.ATOMIC_MOVE);
      return new ExportedBundle(folder, manifest, true);
    }
    Optional<BundleManifest> same =
        existing().filter(found -> found.digest().equals(manifest.digest()));
    if (same.isPresent() && isComplete(same.get(), staged)) {
      return new ExportedBundle(folder, same.get(), false);
    }
    if (same.isEmpty() && !overwrite) {
      throw new RolescopeException(
          FaultCode.CONFLICT,
          "%s holds another bundle; name another folder or ask for it to be overwritten"
              .formatted(folder));
    }
    StagingFolder.replace(folder, staged);
    return new ExportedBundle(folder, manifest, true);
  }

  private Optional<BundleManifest> existing() {
    try {
      return Optional.of(ManifestJson.read(folder));
    } catch (RolescopeException damaged) {
      return Optional.empty();
    }
  }

  private boolean isComplete(BundleManifest manifest, Path staged) throws IOException {
    for (WeightFile weights : manifest.weightFiles()) {
      Path file = folder.resolve(weights.file() == null ? weights.source() : weights.file());
      if (!Files.isRegularFile(file) || Files.size(file) != weights.sizeBytes()) {
        return false;
      }
    }
    List<String> weightFiles = manifest.weightFiles().stream().map(WeightFile::file).toList();
    for (Path file : filesIn(staged)) {
      String name = staged.relativize(file).toString().replace('\\', '/');
      boolean compared = !name.equals(BundleManifest.FILE_NAME) && !weightFiles.contains(name);
      if (compared && !sameContent(file, folder.resolve(name))) {
        return false;
      }
    }
    return true;
  }

  private static List<Path> filesIn(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static boolean sameContent(Path first, Path second) throws IOException {
    return Files.isRegularFile(second) && Files.mismatch(first, second) < 0;
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }
}

package org.rolescope.export;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A folder beside the target in which a bundle is made, so that a rename puts it in place. Closing
 * removes whatever is still there and the parents that were made for it, if nothing is in them.
 */
public final class StagingFolder implements AutoCloseable {
  private final Path folder;
  private final List<Path> createdParents;

  private StagingFolder(Path folder, List<Path> createdParents) {
    this.folder = folder;
    this.createdParents = createdParents;
  }

  /** Creates an empty folder on the file system of the target. */
  public static StagingFolder beside(Path target) throws IOException {
    List<Path> missing = new ArrayList<>();
    for (Path parent = target.getParent();
        parent != null && !Files.exists(parent);
        parent = parent.getParent()) {
      missing.add(parent);
    }
    Files.createDirectories(target.getParent());
    Path folder = sibling(target, "export");
    Files.createDirectory(folder);
    return new StagingFolder(folder, missing);
  }

  /** A hidden name beside the target that nothing has yet. */
  private static Path sibling(Path target, String purpose) {
    return target.resolveSibling(
        ".%s.%s-%s".formatted(target.getFileName(), purpose, UUID.randomUUID()));
  }

  /** The folder. */
  public Path folder() {
    return folder;
  }

  /** Puts a finished folder in the place of another, which is deleted, or stays if that fails. */
  public static void replace(Path target, Path staged) throws IOException {
    Path old = sibling(target, "replaced");
    Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
    try {
      Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
      throw failed;
    }
    delete(old);
  }

  /** Deletes a folder and all in it, following no links. */
  private static void delete(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException fault)
              throws IOException {
            if (fault != null) {
              throw fault;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() throws IOException {
    if (Files.exists(folder)) {
      delete(folder);
    }
    try {
      for (Path parent : createdParents) {
        Files.deleteIfExists(parent);
      }
    } catch (DirectoryNotEmptyException inUse) {
      // The bundle is there, or somebody else put something there: the parents stay.
    }
  }
}

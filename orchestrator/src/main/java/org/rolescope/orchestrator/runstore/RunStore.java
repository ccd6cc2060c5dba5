package org.rolescope.orchestrator.runstore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.plan.RunId;

/** All runs under one folder, each in a folder named by its id. */
public final class RunStore {
  private final Path root;

  /**
   * Opens a store.
   *
   * @param root folder of the runs; made when the first run is
   */
  public RunStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** Folder of a run; it need not exist. */
  public Path path(RunId id) {
    return root.resolve(id.text());
  }

  /** Ids of all folders that look like runs, in order. */
  public List<RunId> ids() {
    try (Stream<Path> folders = Files.list(root)) {
      return folders
          .filter(folder -> Files.exists(RunFolder.planIn(folder)))
          .map(folder -> folder.getFileName().toString())
          .filter(RunId::isWellFormed)
          .map(RunId::new)
          .sorted()
          .toList();
    } catch (NoSuchFileException empty) {
      return List.of();
    } catch (IOException unreadable) {
      throw unreadable(root, unreadable);
    }
  }

  /**
   * What a run was started with, or nothing where there is no such run.
   *
   * @throws RolescopeException DATA_LOSS where its plan is damaged
   */
  public Optional<StoredRun> read(RunId id) {
    return readFolder(path(id));
  }

  /**
   * What the run in a folder was started with, or nothing where there is none. The folder may have
   * been moved away from a store.
   *
   * @throws RolescopeException DATA_LOSS where its plan is damaged
   */
  public static Optional<StoredRun> readFolder(Path folder) {
    Path plan = RunFolder.planIn(folder);
    try {
      return Optional.of(StoredRunJson.read(Files.readAllBytes(plan)));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException | RolescopeException damaged) {
      throw new RolescopeException(
          FaultCode.DATA_LOSS,
          "%s is damaged; start the same plan again, or remove that folder".formatted(plan),
          damaged);
    }
  }

  /**
   * Makes the folder of a run fit to work in: writes its plan, and removes what a killed process or
   * a failure left. The caller holds the run's lock.
   */
  public RunFolder prepare(StoredRun run) {
    RunFolder folder = new RunFolder(path(run.id()), run.plan().family());
    AtomicFiles.write(folder.plan(), out -> StoredRunJson.write(out, run));
    FileTrees.deletePartial(folder.path());
    FileTrees.delete(folder.path(), folder.failure()::equals);
    return folder;
  }

  /**
   * Throws a run away. The caller holds its lock. The results go first, so that a run half thrown
   * away is never taken for a complete one, and its plan last.
   */
  public void delete(RunId id, RunFolder folder) {
    FileTrees.delete(folder.path(), folder.results()::equals);
    FileTrees.delete(folder.path(), file -> !file.equals(folder.plan()) && !file.equals(path(id)));
    FileTrees.delete(folder.path(), file -> true);
  }

  /** Takes the right to work on a run, or gives nothing where somebody works on it. */
  public Optional<RunLock> tryLock(RunId id) {
    return RunLock.tryTake(lockFile(id));
  }

  /** Whether any process works on a run. */
  public boolean isLocked(RunId id) {
    return RunLock.isHeld(lockFile(id));
  }

  // Beside the runs and not in them, so that the files of a run are its results and nothing else.
  private Path lockFile(RunId id) {
    return root.resolve(".locks").resolve(id.text() + ".lock");
  }

  private static RolescopeException unreadable(Path folder, IOException failed) {
    return new RolescopeException(
        FaultCode.RESOURCE_EXHAUSTED,
        "Folder %s cannot be read (%s); check its permissions, or choose another folder for runs"
            .formatted(folder, AtomicFiles.reason(failed)),
        failed);
  }
}

package org.rolescope.orchestrator.runstore;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to work on a run, or on anything else kept on disk, held through a file lock: the
 * system takes it back from a process that dies, however it dies.
 */
public final class RunLock implements AutoCloseable {
  // POSIX drops every lock of a process on a file when that process closes any channel to it, so a
  // file that is locked here must not even be opened to look.
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileLock lock;

  private RunLock(Path file, FileLock lock) {
    this.file = file;
    this.lock = lock;
  }

  /**
   * Takes the lock, or gives nothing where somebody holds it.
   *
   * @param file what is locked; made where it is not there, and not deleted afterwards
   */
  public static Optional<RunLock> tryTake(Path file) {
    if (!HELD_HERE.add(file)) {
      return Optional.empty();
    }
    Optional<RunLock> taken = Optional.empty();
    try {
      taken = tryLock(file).map(lock -> new RunLock(file, lock));
      return taken;
    } catch (IOException failed) {
      throw AtomicFiles.notWritten(file, failed);
    } finally {
      if (taken.isEmpty()) {
        HELD_HERE.remove(file);
      }
    }
  }

  /** Whether somebody holds the lock. */
  static boolean isHeld(Path file) {
    if (!Files.exists(file)) {
      return false;
    }
    Optional<RunLock> probe = tryTake(file);
    probe.ifPresent(RunLock::close);
    return probe.isEmpty();
  }

  /** Gives the lock back. */
  @Override
  public void close() {
    try {
      lock.acquiredBy().close();
    } catch (IOException failed) {
      throw AtomicFiles.notWritten(file, failed);
    } finally {
      HELD_HERE.remove(file);
    }
  }

  private static Optional<FileLock> tryLock(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
      return Optional.ofNullable(lock);
    } catch (OverlappingFileLockException sameFileByAnotherPath) {
      return Optional.empty();
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
  }
}

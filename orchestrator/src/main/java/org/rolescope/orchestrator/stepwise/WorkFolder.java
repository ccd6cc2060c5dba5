package org.rolescope.orchestrator.stepwise;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.runstore.RunLock;

/** The folder of a piece of work that nobody else works on until this is closed. */
public final class WorkFolder implements AutoCloseable {
  private final RunId id;
  private final Path path;
  private final RunLock lock;

  WorkFolder(RunId id, Path path, RunLock lock) {
    this.id = requireNonNull(id, "id is null");
    this.path = requireNonNull(path, "path is null");
    this.lock = requireNonNull(lock, "lock is null");
  }

  /** Id of the work. */
  public RunId id() {
    return id;
  }

  /** The folder, absolute. */
  public Path path() {
    return path;
  }

  /** What the work is; always there. */
  public Path plan() {
    return path.resolve("plan.json");
  }

  /** Everything found, written last: where it exists, the work is complete. */
  public Path results() {
    return path.resolve("results.json");
  }

  /** Whether there is nothing left to do. */
  public boolean isComplete() {
    return Files.exists(results());
  }

  /** An artifact, by its name in the folder. */
  public Path file(String name) {
    return path.resolve(name);
  }

  /** A checkpoint, by its name. */
  public Path step(String name) {
    return path.resolve("steps").resolve(name);
  }

  /** A file of this work as results name it: relative, with forward slashes. */
  public String relative(Path file) {
    return path.relativize(file).toString().replace('\\', '/');
  }

  @Override
  public void close() {
    lock.close();
  }
}

package org.rolescope.orchestrator.stepwise;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.json.Json;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.runstore.AtomicFiles;
import org.rolescope.orchestrator.runstore.FileTrees;
import org.rolescope.orchestrator.runstore.RunLock;

/** All work that is kept under one folder, by kind and id. Thread-safe. */
public final class WorkStore {
  private final Path root;

  /**
   * Opens a store.
   *
   * @param root folder of all kinds of work; made when it is needed
   */
  public WorkStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** Folder of a piece of work; it need not exist. */
  public Path path(WorkPlan plan) {
    return path(plan.kind(), plan.id());
  }

  /**
   * Takes the right to a piece of work and makes its folder fit to work in: its plan is there, and
   * what a killed process left half-written is not.
   *
   * @param fresh throw away what an earlier call left
   * @return the folder, to be closed when the work is over
   * @throws RolescopeException CONFLICT where somebody works on it, here or in another process;
   *     DATA_LOSS where the folder belongs to another plan
   */
  public WorkFolder open(WorkPlan plan, boolean fresh) {
    RunId id = plan.id();
    RunLock lock =
        RunLock.tryTake(lockFile(plan.kind(), id))
            .orElseThrow(
                () ->
                    new RolescopeException(
                        FaultCode.CONFLICT,
                        "Work %s of %s is under way; wait until it ends"
                            .formatted(id, plan.kind())));
    WorkFolder folder = new WorkFolder(id, path(plan), lock);
    try {
      prepare(folder, plan, fresh);
      return folder;
    } catch (RuntimeException failed) {
      folder.close();
      throw failed;
    }
  }

  private static void prepare(WorkFolder folder, WorkPlan plan, boolean fresh) {
    if (fresh) {
      // The results first, so that work half thrown away is never taken for complete.
      FileTrees.delete(folder.path(), folder.results()::equals);
      FileTrees.delete(folder.path(), file -> true);
    }
    FileTrees.deletePartial(folder.path());
    byte[] expected = bytes(plan);
    try {
      if (!Arrays.equals(Files.readAllBytes(folder.plan()), expected)) {
        throw notItsPlan(folder, null);
      }
    } catch (NoSuchFileException begun) {
      AtomicFiles.write(folder.plan(), out -> out.write(expected));
    } catch (IOException unreadable) {
      throw notItsPlan(folder, unreadable);
    }
  }

  private Path path(String kind, RunId id) {
    return root.resolve(kind).resolve(id.text());
  }

  // Beside the work and not in it, so that its files are its results and nothing else.
  private Path lockFile(String kind, RunId id) {
    return root.resolve(kind).resolve(".locks").resolve(id.text() + ".lock");
  }

  private static byte[] bytes(WorkPlan plan) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Json.pretty(out, plan.identity());
      return out.toByteArray();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static RolescopeException notItsPlan(WorkFolder folder, IOException cause) {
    return new RolescopeException(
        FaultCode.DATA_LOSS,
        "%s is damaged or of other work; ask for this work afresh, or remove that folder"
            .formatted(folder.plan()),
        cause);
  }
}

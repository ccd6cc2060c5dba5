package org.rolescope.export.hub;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The folder of one model in the cache, as Python's {@code huggingface_hub} lays it out: contents
 * under {@code blobs/<checksum>}, commits of branches and tags under {@code refs/}, and for each
 * commit a folder {@code snapshots/<commit>} of relative links to blobs. What an unfinished
 * download left is a file of our own among the blobs, which nobody else writes: two programs that
 * append to the same file would spoil it.
 *
 * @param root the cache
 * @param model the model
 */
record HubCache(Path root, HubModel model) {
  private static final String PART_SUFFIX = ".rolescope.incomplete";

  /** A lock on a file holds between processes; these hold between threads of this one. */
  private static final ConcurrentMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  HubCache {
    requireNonNull(root, "root is null");
    requireNonNull(model, "model is null");
  }

  private Path folder() {
    return root.resolve(model.folderName());
  }

  /** Folder of the files of a commit. */
  Path snapshot(String commit) {
    return folder().resolve("snapshots").resolve(commit);
  }

  /** The commit a revision stood for when it was last fetched. */
  Optional<String> commit() throws IOException {
    if (model.isPinned()) {
      return Optional.of(model.revision());
    }
    Path reference = reference();
    if (!Files.isRegularFile(reference) || Files.size(reference) > 1000) {
      return Optional.empty();
    }
    return Optional.of(Files.readString(reference).strip()).filter(HubModel::isCommit);
  }

  /** Notes which commit the revision stands for. */
  void remember(String commit) throws IOException {
    if (model.isPinned() || commit().equals(Optional.of(commit))) {
      return;
    }
    Path reference = reference();
    Files.createDirectories(reference.getParent());
    Path written = beside(reference);
    Files.writeString(written, commit);
    replace(written, reference);
  }

  private Path reference() {
    return folder().resolve("refs").resolve(model.revision());
  }

  /** What the cache has of a file of a commit. */
  HubFile state(String commit, String name, long sizeBytes, String checksum) {
    boolean cached = hasBlob(checksum, sizeBytes) || hasFile(commit, name, sizeBytes);
    long part = cached ? 0 : size(part(checksum));
    return new HubFile(name, sizeBytes, checksum, cached, part > sizeBytes ? 0 : part);
  }

  /** Whether the content is there. */
  boolean hasBlob(String checksum, long sizeBytes) {
    return has(blob(checksum), sizeBytes);
  }

  private boolean hasFile(String commit, String name, long sizeBytes) {
    return has(snapshot(commit).resolve(name), sizeBytes);
  }

  private static boolean has(Path file, long sizeBytes) {
    return Files.isRegularFile(file) && size(file) == sizeBytes;
  }

  /** Size of a file, 0 where there is none. */
  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException absent) {
      return 0;
    }
  }

  private Path blob(String checksum) {
    return folder().resolve("blobs").resolve(checksum);
  }

  /** What is there of a content that is not whole. */
  private Path part(String checksum) {
    return folder().resolve("blobs").resolve(checksum + PART_SUFFIX);
  }

  /** Opens what is there of a content, or an empty file. */
  FileChannel openPart(String checksum) throws IOException {
    Path part = part(checksum);
    Files.createDirectories(part.getParent());
    return FileChannel.open(
        part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** Turns a whole part, whose checksum is right, into a blob. */
  void publish(String checksum) throws IOException {
    replace(part(checksum), blob(checksum));
  }

  /** Puts a file into the folder of its commit, as a link to its blob. */
  void link(String commit, HubFile file) throws IOException {
    Path link = snapshot(commit).resolve(file.name());
    Path blob = blob(file.checksum());
    if (hasFile(commit, file.name(), file.sizeBytes())
        && (!Files.exists(blob) || Files.isSameFile(link, blob))) {
      return;
    }
    Files.createDirectories(link.getParent());
    Path made = beside(link);
    try {
      Files.createSymbolicLink(made, link.getParent().relativize(blob));
    } catch (UnsupportedOperationException | IOException noSymbolicLinks) {
      // Windows without developer mode, for example.
      Files.createLink(made, blob);
    }
    replace(made, link);
  }

  /** Something to do while nobody else works on a content. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  /** Waits until no other thread or process of ours works on a content, then works on it. */
  @SuppressWarnings("try") // The lock is only held.
  void locked(String checksum, Work work) throws IOException {
    Path file = root.resolve(".locks").resolve(model.folderName()).resolve(checksum + ".lock");
    Files.createDirectories(file.getParent());
    ReentrantLock threads = THREADS.computeIfAbsent(file, path -> new ReentrantLock());
    try {
      threads.lockInterruptibly();
    } catch (InterruptedException interrupted) {
      throw Retries.cancelled(interrupted);
    }
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      work.run();
    } finally {
      threads.unlock();
    }
  }

  private static Path beside(Path file) {
    return file.resolveSibling(".%s.%s".formatted(file.getFileName(), UUID.randomUUID()));
  }

  private static void replace(Path made, Path place) throws IOException {
    if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(place + " is a folder where a file should be");
    }
    Files.move(made, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}

package org.rolescope.export.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.OptionalLong;
import org.rolescope.fault.RolescopeException;

/**
 * Fetches one file into the blobs of the cache. Goes on where an earlier download was interrupted;
 * the bytes are hashed as they come, and the blob gets its name only when the checksum is right.
 */
final class BlobDownload {
  private static final int BUFFER_BYTES = 1 << 18;

  private final HubClient client;
  private final HubCache cache;
  private final HubFaults faults;
  private final Retries retries;
  private final HubProgress progress;
  private final String commit;
  private final HubFile file;
  private FileChannel part;
  private BlobDigest digest;
  private long position;

  BlobDownload(
      HubClient client,
      HubCache cache,
      HubFaults faults,
      Retries retries,
      HubProgress progress,
      String commit,
      HubFile file) {
    this.client = client;
    this.cache = cache;
    this.faults = faults;
    this.retries = retries;
    this.progress = progress;
    this.commit = commit;
    this.file = file;
  }

  /**
   * Fetches the file unless the cache has it.
   *
   * @throws TransferFault the last trouble, where it does not end; what came is kept
   * @throws RolescopeException DATA_LOSS where the checksum is wrong; what came is thrown away
   */
  void run() throws IOException {
    cache.locked(
        file.checksum(),
        () -> {
          if (cache.hasBlob(file.checksum(), file.sizeBytes())) {
            // Another process was faster.
            progress.update(file.name(), file.sizeBytes(), file.sizeBytes());
          } else {
            fetch();
          }
        });
  }

  private void fetch() throws IOException {
    try (FileChannel opened = cache.openPart(file.checksum())) {
      part = opened;
      resume();
      boolean resumed = position > 0;
      fetchRest();
      if (!digest.matches()) {
        restart();
        if (!resumed) {
          throw faults.damaged(file);
        }
        // What was there before may have been to blame: once more, all of it.
        fetchRest();
        if (!digest.matches()) {
          restart();
          throw faults.damaged(file);
        }
      }
      part.force(true);
    }
    cache.publish(file.checksum());
  }

  /** Hashes what an interrupted download left. */
  private void resume() throws IOException {
    if (part.size() > file.sizeBytes()) {
      part.truncate(0);
    }
    digest = new BlobDigest(file.checksum(), file.sizeBytes());
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    part.position(0);
    for (int count = part.read(buffer); count >= 0; count = part.read(buffer.clear())) {
      digest.add(buffer.array(), count);
      position += count;
    }
    tell();
  }

  /** Attempts count anew as long as they bring something: a long download may break often. */
  private void fetchRest() throws IOException {
    while (position < file.sizeBytes()) {
      long before = position;
      try {
        retries.run(this::transfer);
      } catch (TransferFault lasting) {
        if (position <= before) {
          throw lasting;
        }
      } catch (UnwritablePart unwritable) {
        throw unwritable.cause;
      }
    }
  }

  /** One attempt. */
  private void transfer() {
    try (HubResponse response = client.file(commit, file.name(), position)) {
      begin(response);
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = response.body().read(buffer);
          count >= 0;
          count = response.body().read(buffer)) {
        if (count > file.sizeBytes() - position) {
          throw lies("sends more");
        }
        part.write(ByteBuffer.wrap(buffer, 0, count));
        digest.add(buffer, count);
        position += count;
        tell();
      }
    } catch (IOException unwritable) {
      throw new UnwritablePart(unwritable);
    }
    if (position < file.sizeBytes()) {
      throw new TransferFault(
          "The transfer of %s ended at byte %d of %d"
              .formatted(file.name(), position, file.sizeBytes()));
    }
  }

  /** Checks what comes before any of it is kept. */
  private void begin(HubResponse response) throws IOException {
    OptionalLong first = response.firstByte();
    boolean refused = response.status() == HubResponse.NO_SUCH_RANGE;
    if (refused || first.isEmpty() || (first.getAsLong() != position && first.getAsLong() != 0)) {
      throw lies("does not send byte %d".formatted(position));
    }
    OptionalLong length = response.lengthBytes();
    if (length.isPresent() && length.getAsLong() != file.sizeBytes() - first.getAsLong()) {
      throw lies("sends %d".formatted(first.getAsLong() + length.getAsLong()));
    }
    if (first.getAsLong() != position) {
      restart();
    }
  }

  private TransferFault lies(String instead) {
    return new TransferFault(
        "%s says that %s has %d bytes but %s"
            .formatted(faults.host(), file.name(), file.sizeBytes(), instead));
  }

  /** Throws away what is there. */
  private void restart() throws IOException {
    part.truncate(0);
    part.position(0);
    position = 0;
    digest = new BlobDigest(file.checksum(), file.sizeBytes());
    tell();
  }

  private void tell() {
    progress.update(file.name(), position, file.sizeBytes());
  }

  /** Carries what the disk says out of an attempt; another attempt would not help. */
  private static final class UnwritablePart extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final IOException cause;

    UnwritablePart(IOException cause) {
      super(cause);
      this.cause = cause;
    }
  }
}

package org.rolescope.export.hub;

import static java.util.Objects.requireNonNull;

/**
 * A file of a model that is needed here.
 *
 * @param name its name, which is plain: no folder
 * @param sizeBytes its size
 * @param checksum its checksum, which is also its name among the blobs of the cache: SHA-256 (64
 *     hex digits) of a file in large file storage, else the SHA-1 that git gives it (40 hex
 *     digits); empty where the cache has the file without saying
 * @param cached whether the cache has all of it
 * @param partBytes where it is not cached, the bytes an interrupted download left; else 0
 */
public record HubFile(
    String name, long sizeBytes, String checksum, boolean cached, long partBytes) {
  /** Checks that the sizes fit each other. */
  public HubFile {
    requireNonNull(name, "name is null");
    requireNonNull(checksum, "checksum is null");
    if (sizeBytes < 0 || partBytes < 0 || partBytes > sizeBytes) {
      throw new IllegalArgumentException(
          "%d of %d bytes of %s are there".formatted(partBytes, sizeBytes, name));
    }
  }

  /** Bytes still to fetch. */
  public long missingBytes() {
    return cached ? 0 : sizeBytes - partBytes;
  }
}

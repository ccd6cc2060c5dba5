package org.rolescope.export.hub;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;

/**
 * The files of one commit of a model that are needed here, and how many of them the cache has.
 *
 * @param model the model as it was asked for
 * @param commit the commit its revision stands for, 40 hex digits
 * @param files the needed files, by name
 * @param folder folder of the cache in which they are, or will be
 */
public record HubSnapshot(HubModel model, String commit, List<HubFile> files, Path folder) {
  /** Copies the list. */
  public HubSnapshot {
    requireNonNull(model, "model is null");
    requireNonNull(commit, "commit is null");
    files = List.copyOf(files);
    requireNonNull(folder, "folder is null");
  }

  /** Whether nothing has to be fetched. */
  public boolean isCached() {
    return files.stream().allMatch(HubFile::cached);
  }

  /** Bytes of all needed files. */
  public long sizeBytes() {
    return files.stream().mapToLong(HubFile::sizeBytes).reduce(0, Math::addExact);
  }

  /** Bytes still to fetch: 0 where {@link #isCached()}. */
  public long missingBytes() {
    return files.stream().mapToLong(HubFile::missingBytes).reduce(0, Math::addExact);
  }
}

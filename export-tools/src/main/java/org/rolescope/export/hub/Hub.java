package org.rolescope.export.hub;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.rolescope.fault.RolescopeException;

/**
 * A model hub and its cache on this machine. Only what an export needs is fetched: configuration,
 * tokenizer, chat template, and weights as safetensors.
 */
public final class Hub {
  private final HubSettings settings;

  /** A hub with these settings. */
  public Hub(HubSettings settings) {
    this.settings = requireNonNull(settings, "settings is null");
  }

  /**
   * Finds out what a model needs. Fetches nothing but the list of its files and, where its weights
   * are in several files, the index that names them. Offline, the answer comes from the cache
   * alone.
   *
   * @throws RolescopeException NOT_FOUND where there is no such model or revision, it may not be
   *     read, or, offline, the cache has no whole copy; MALFORMED_MODEL where it lacks a needed
   *     file, or the hub's answer cannot be used; UNAVAILABLE where the hub cannot be reached or
   *     refuses for now
   */
  public HubSnapshot look(HubModel model) {
    throw new UnsupportedOperationException("not there yet: " + settings + model);
  }

  /**
   * Fetches what the cache lacks; what an interrupted download left is resumed. A file enters the
   * cache whole and with the right checksum, or not at all.
   *
   * @param snapshot what {@link #look} found
   * @return folder of the snapshot, ready to export
   * @throws RolescopeException NOT_FOUND where a file is gone or may not be read,
   *     RESOURCE_EXHAUSTED where the disk has not enough space, UNAVAILABLE where the hub cannot be
   *     reached, stalls or refuses for now, DATA_LOSS where a checksum is wrong, CANCELLED where
   *     the thread is interrupted
   */
  public Path fetch(HubSnapshot snapshot, HubProgress progress) {
    throw new UnsupportedOperationException("not there yet: " + snapshot + progress);
  }
}

package org.rolescope.cli.family;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.rolescope.export.hub.HubSnapshot;
import org.rolescope.tensors.bundle.ModelDimensions;

/**
 * A model that was looked at and can be had.
 *
 * @param name the name it gets here
 * @param source where its checkpoint comes from
 * @param snapshot what the hub has of it; empty where it is a folder
 * @param dimensions its sizes, by its configuration
 * @param presentBytes bytes of its files that are on this machine
 * @param missingBytes bytes of its files that have to be fetched
 * @param sideBytes bytes of those files that are no weights, which a bundle holds copies of
 */
public record FoundModel(
    String name,
    ModelSource source,
    Optional<HubSnapshot> snapshot,
    ModelDimensions dimensions,
    long presentBytes,
    long missingBytes,
    long sideBytes) {
  /** Checks that nothing is missing. */
  public FoundModel {
    requireNonNull(name, "name is null");
    requireNonNull(source, "source is null");
    requireNonNull(snapshot, "snapshot is null");
    requireNonNull(dimensions, "dimensions are null");
  }
}

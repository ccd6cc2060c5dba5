package org.rolescope.metrics.confound;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one layer holds besides roles.
 *
 * @param layer the layer, counting from 0
 * @param base the older version, or the only model
 * @param instruct the newer version; empty for a single model
 */
public record LayerConfounds(int layer, ModelConfounds base, Optional<ModelConfounds> instruct) {
  /** Checks that nothing is missing. */
  public LayerConfounds {
    requireNonNull(base, "base is null");
    requireNonNull(instruct, "instruct is null");
  }

  /** What the layer holds in each model. */
  List<ModelConfounds> models() {
    return Stream.concat(Stream.of(base), instruct.stream()).toList();
  }
}

package org.rolescope.inference.intervene;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One place inside a model that is changed while it runs.
 *
 * @param layer the layer
 * @param prompts indices of the prompts it changes; empty for all
 * @param site what is changed there, and how
 */
public record Intervention(int layer, List<Integer> prompts, Site site) {
  /** Copies the prompts. */
  public Intervention {
    prompts = List.copyOf(prompts);
    requireNonNull(site, "site is null");
  }
}

package org.rolescope.orchestrator.client;

import java.util.List;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.EntropyTable;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.Model;

/**
 * What the entropies of a layer must look like for this model and these prompts.
 *
 * @param service who sends them
 * @param model the model
 * @param started the tokenised prompts
 */
record EntropyShape(Service service, Model model, CaptureStarted started) {
  private static final List<EntropyKind> KINDS =
      List.of(EntropyKind.ENTROPY_KIND_REFERENCE, EntropyKind.ENTROPY_KIND_EXACT);

  /**
   * Gives the entropies back where they fit.
   *
   * @throws org.rolescope.fault.RolescopeException DATA_LOSS where they do not
   */
  LayerEntropies check(int layer, LayerEntropies entropies) {
    List<Integer> queryCounts =
        started.getPromptsList().stream().map(prompt -> prompt.getTokenIdsCount()).toList();
    if (entropies.getLayer() != layer
        || entropies.getHeadCount() != model.getHeadCount()
        || !entropies.getQueryCountsList().equals(queryCounts)) {
      throw service.broken(
          "layer %d with %d heads came where layer %d with %d heads and one row a token was due"
              .formatted(
                  entropies.getLayer(), entropies.getHeadCount(), layer, model.getHeadCount()));
    }
    KINDS.forEach(kind -> checkTable(layer, kind, entropies));
    return entropies;
  }

  private void checkTable(int layer, EntropyKind kind, LayerEntropies entropies) {
    List<EntropyTable> tables =
        entropies.getTablesList().stream().filter(table -> table.getKind() == kind).toList();
    long expected = (long) entropies.getHeadCount() * entropies.getQueryCountsCount();
    if (tables.size() != 1 || tables.getFirst().getNatsCount() != expected) {
      throw service.broken(
          "layer %d needs one table %s of %d values".formatted(layer, kind, expected));
    }
  }
}

package org.rolescope.orchestrator.client;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.EntropyTable;
import org.rolescope.v1.KeyAttention;
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
  private static final List<EntropyKind> REQUIRED =
      List.of(EntropyKind.ENTROPY_KIND_REFERENCE, EntropyKind.ENTROPY_KIND_EXACT);

  /** Keys at either end of a prompt whose attention is measured. */
  private static final int KEYS = 3;

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
    REQUIRED.forEach(kind -> checkTable(layer, kind, entropies));
    checkOthers(layer, entropies);
    return entropies;
  }

  private void checkTable(int layer, EntropyKind kind, LayerEntropies entropies) {
    List<EntropyTable> tables =
        entropies.getTablesList().stream().filter(table -> table.getKind() == kind).toList();
    if (tables.size() != 1 || tables.getFirst().getNatsCount() != cells(entropies)) {
      throw service.broken(
          "layer %d needs one table %s of %d values".formatted(layer, kind, cells(entropies)));
    }
  }

  /** Whatever else was measured must at least have its size. */
  private void checkOthers(int layer, LayerEntropies entropies) {
    Set<Integer> kinds = new HashSet<>();
    for (EntropyTable table : entropies.getTablesList()) {
      int counts = table.getQueryCountsCount();
      if (!kinds.add(table.getKindValue())
          || table.getNatsCount() != cells(entropies)
          || (counts != 0 && counts != entropies.getQueryCountsCount())) {
        throw service.broken(
            "layer %d needs at most one table %s, of %d values and %d query counts or none"
                .formatted(
                    layer, table.getKind(), cells(entropies), entropies.getQueryCountsCount()));
      }
    }
    KeyAttention keys = entropies.getKeyAttention();
    if (entropies.hasKeyAttention()
        && (keys.getFirstCount() != KEYS * cells(entropies)
            || keys.getLastCount() != KEYS * cells(entropies))) {
      throw service.broken(
          "layer %d needs attention to %d keys at either end, not %d and %d"
              .formatted(
                  layer, KEYS * cells(entropies), keys.getFirstCount(), keys.getLastCount()));
    }
  }

  private static long cells(LayerEntropies entropies) {
    return (long) entropies.getHeadCount() * entropies.getQueryCountsCount();
  }
}

package org.rolescope.inference.forward;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.Stage;

/**
 * Cuts what is wanted of a stage into parts that run one after the other. A whole model gives all
 * its layers at once, but tensors leave in order of layer, those of all prompts before the next
 * layer: so the patterns of later layers have to wait, and are as large as prompts times layers. A
 * part holds as many layers as may wait together; for the next part all prompts run again.
 */
final class LayerParts {
  private static final Set<String> LOGITS_ONLY = Set.of(CaptureSelection.LOGITS);

  private LayerParts() {}

  /**
   * The parts of a stage.
   *
   * @param stage the stage; any but a whole model is one part
   * @param manifest its manifest
   * @param selection what is wanted
   * @param batches the prompts
   * @param maxBytes most bytes of patterns that may wait; a layer is never cut
   */
  static List<CaptureSelection> of(
      Stage stage,
      BundleManifest manifest,
      CaptureSelection selection,
      List<PromptBatch> batches,
      long maxBytes) {
    if (stage.kind() != Stage.Kind.MODEL || selection.taps().equals(LOGITS_ONLY)) {
      return List.of(selection);
    }
    long layerBytes = Math.max(1, layerBytes(batches, manifest.dimensions().headCount()));
    int layers = selection.lastLayer() - selection.firstLayer() + 1;
    int layersAtOnce = Math.clamp(maxBytes / layerBytes, 1, layers);
    List<CaptureSelection> parts = new ArrayList<>();
    for (int first = selection.firstLayer();
        first <= selection.lastLayer();
        first += layersAtOnce) {
      int last = Math.min(selection.lastLayer(), first + layersAtOnce - 1);
      parts.add(selection.part(first, last, last == selection.lastLayer()));
    }
    return parts;
  }

  private static long layerBytes(List<PromptBatch> batches, int headCount) {
    return batches.stream()
        .mapToLong(
            batch ->
                (long) batch.size() * headCount * batch.length() * batch.length() * Float.BYTES)
        .sum();
  }
}

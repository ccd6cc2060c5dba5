package org.rolescope.orchestrator.view;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.EntropyTable;

/**
 * Exact entropy of one head for every prompt.
 *
 * @param layer the layer
 * @param head the head
 * @param parts of each model by its part, nats, [prompt]
 */
public record HeadEntropies(int layer, int head, Map<String, double[]> parts) {
  static HeadEntropies of(MeasuredLayers measured, int layer, int head) {
    int promptCount = measured.categoryOfEachPrompt().size();
    Map<String, double[]> parts = new LinkedHashMap<>();
    measured
        .parts()
        .forEach(
            (slot, part) -> {
              EntropyTable table = measured.table(slot, layer, EntropyKind.ENTROPY_KIND_EXACT);
              parts.put(
                  part,
                  IntStream.range(0, promptCount)
                      .mapToDouble(prompt -> table.getNats(head * promptCount + prompt))
                      .toArray());
            });
    return new HeadEntropies(layer, head, parts);
  }
}

package org.rolescope.metrics.role;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.entropy.EntropyTable;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.testing.Golden;

/** golden/roles.json in the terms of this module: NumPy 1.26.4, SciPy 1.14.1, pandas 2.2.3. */
public final class RoleGolden {
  /** The whole file. */
  public static final JsonNode ROOT = Golden.read("roles.json");

  private RoleGolden() {}

  /** Options with the golden categories. */
  public static RoleOptions options() {
    return RoleOptions.defaults(
        StreamSupport.stream(ROOT.get("categories").spliterator(), false)
            .map(JsonNode::asText)
            .toList(),
        1);
  }

  /** The explicit resamples. */
  public static List<RolePrompts> resamples() {
    return StreamSupport.stream(ROOT.get("resamples").spliterator(), false)
        .map(
            resample ->
                new RolePrompts(
                    PromptIndices.of(Golden.integers(resample.get("self"))),
                    PromptIndices.of(Golden.integers(resample.get("neutral"))),
                    PromptIndices.of(Golden.integers(resample.get("confounder")))))
        .toList();
  }

  /** The entropies of a layer of one model, {@code base} or {@code instruct}. */
  public static LayerEntropies layer(int layer, String model) {
    List<Integer> queryCounts =
        IntStream.of(Golden.integers(ROOT.get("query_counts"))).boxed().toList();
    int heads = ROOT.get("heads").asInt();
    JsonNode tables = ROOT.get("layers").get(layer).get(model);
    return new LayerEntropies(
        layer,
        heads,
        queryCounts,
        Map.of(
            EntropyKind.REFERENCE,
            table(heads, queryCounts.size(), tables.get("reference")),
            EntropyKind.EXACT,
            table(heads, queryCounts.size(), tables.get("exact"))));
  }

  private static EntropyTable table(int heads, int prompts, JsonNode nats) {
    return new EntropyTable(heads, prompts, Golden.doubles(nats));
  }
}

package org.rolescope.metrics.patching;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.rolescope.metrics.role.PromptIndices;
import org.rolescope.metrics.testing.Golden;

/** golden/patching.json in the terms of this package: NumPy 1.26.4, SciPy 1.14.1. */
public final class PatchingGolden {
  /** The whole file. */
  static final JsonNode ROOT = Golden.read("patching.json");

  private static final JsonNode DIRECTION = ROOT.get("direction");

  private PatchingGolden() {}

  /** The runs of one direction; prompt 3 has no recovery. */
  public static PatchingEndpoints runs() {
    return new PatchingEndpoints(boxed(DIRECTION.get("source")), boxed(DIRECTION.get("target")));
  }

  /** What NumPy and SciPy say of the candidates. */
  static JsonNode expected() {
    return DIRECTION.get("candidates");
  }

  /** The candidates, the same numbers in both directions. */
  public static List<PatchedHeads> candidates() {
    return patches(DIRECTION.get("candidates"));
  }

  /** Random sets of one and of two heads. */
  public static List<PatchedHeads> randomHeads() {
    return patches(DIRECTION.get("nulls"));
  }

  /** The explicit resamples. */
  static List<PromptIndices> resamples() {
    return StreamSupport.stream(DIRECTION.get("resamples").spliterator(), false)
        .map(drawn -> PromptIndices.of(Golden.integers(drawn)))
        .toList();
  }

  /** Numbers as a list. */
  static List<Double> boxed(JsonNode list) {
    return Arrays.stream(Golden.doubles(list)).boxed().toList();
  }

  private static List<PatchedHeads> patches(JsonNode sets) {
    List<PatchedHeads> patches = new ArrayList<>();
    for (JsonNode set : sets) {
      int layer = patches.size();
      List<HeadSite> heads =
          IntStream.range(0, set.get("size").asInt())
              .mapToObj(head -> new HeadSite(layer, head))
              .toList();
      patches.add(new PatchedHeads(heads, boxed(set.get("patched")), boxed(set.get("patched"))));
    }
    return patches;
  }
}

package org.rolescope.inference.intervene;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.bundle.ModelDimensions;

/**
 * What patches take from the source run: of the layers and heads they name, and of no others. It is
 * empty until the source has run.
 */
public final class SourceValues {
  /** Nothing is taken. */
  static final SourceValues NONE = new SourceValues(List.of());

  /** For each tensor, the heads that are kept of it, ascending; none where it has no heads. */
  private final Map<SourceSite, List<Integer>> heads;

  /** For each tensor, the values of each prompt: those of the tap, with the heads that are kept. */
  private final Map<SourceSite, Map<Integer, FloatBuffer>> values = new HashMap<>();

  /**
   * Finds what interventions take from a source run.
   *
   * @param interventions the interventions, checked
   */
  SourceValues(List<ResolvedIntervention> interventions) {
    Map<SourceSite, Set<Integer>> named = new HashMap<>();
    for (ResolvedIntervention intervention : interventions) {
      intervention
          .sourceSite()
          .ifPresent(
              site ->
                  named.computeIfAbsent(site, _ -> new TreeSet<>()).addAll(intervention.heads()));
    }
    heads =
        named.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> List.copyOf(entry.getValue())));
  }

  /** Whether nothing is taken. */
  public boolean isNothing() {
    return heads.isEmpty();
  }

  /** Names of the taps that are taken from. */
  public Set<String> taps() {
    return heads.keySet().stream().map(SourceSite::tap).collect(Collectors.toSet());
  }

  /** First layer that is taken from; 0 where there is none. */
  public int firstLayer() {
    return heads.keySet().stream().mapToInt(SourceSite::layer).min().orElse(0);
  }

  /** Last layer that is taken from; 0 where there is none. */
  public int lastLayer() {
    return heads.keySet().stream().mapToInt(SourceSite::layer).max().orElse(0);
  }

  /**
   * Keeps what is needed of a tensor of the source run.
   *
   * @param tensor a tensor of a layer, as the pass gave it
   */
  public void add(TensorView tensor) {
    SourceSite site = new SourceSite(tensor.layer().orElseThrow(), tensor.name());
    if (heads.containsKey(site)) {
      Map<Integer, FloatBuffer> byPrompt = values.computeIfAbsent(site, _ -> new TreeMap<>());
      for (int row = 0; row < tensor.promptIndices().size(); row++) {
        byPrompt.put(tensor.promptIndices().get(row), kept(tensor, heads.get(site), row));
      }
    }
  }

  /** Memory that the values take, bytes. */
  long sizeBytes(ModelDimensions dimensions, List<TokenizedPrompt> prompts) {
    long elements = 0;
    for (Map.Entry<SourceSite, List<Integer>> site : heads.entrySet()) {
      for (TokenizedPrompt prompt : prompts) {
        long length = prompt.length();
        elements +=
            switch (site.getKey().tap()) {
              case SourceSite.PATTERN -> site.getValue().size() * length * length;
              case SourceSite.Z -> site.getValue().size() * length * dimensions.headSize();
              default -> length * dimensions.hiddenSize();
            };
      }
    }
    return elements * Float.BYTES;
  }

  /** The heads that are kept of a tensor, ascending. */
  List<Integer> heads(SourceSite site) {
    return heads.get(site);
  }

  /**
   * The values of a prompt, laid out as the tap gives them, with the heads that are kept.
   *
   * @throws IllegalStateException where the source has not run
   */
  FloatBuffer of(SourceSite site, int prompt) {
    FloatBuffer found = values.getOrDefault(site, Map.of()).get(prompt);
    if (found == null) {
      throw new IllegalStateException(
          "the source run gave no %s for prompt %d".formatted(site, prompt));
    }
    return found;
  }

  private static FloatBuffer kept(TensorView tensor, List<Integer> heads, int row) {
    FloatBuffer all = tensor.floatsOf(row);
    int[] sizes = tensor.shape().axes().stream().skip(1).mapToInt(axis -> axis.size()).toArray();
    return switch (tensor.name()) {
      case SourceSite.PATTERN -> keptHeads(all, 1, sizes[0], sizes[1] * sizes[2], heads);
      case SourceSite.Z -> keptHeads(all, sizes[0], sizes[1], sizes[2], heads);
      default -> FloatBuffer.allocate(all.remaining()).put(all).flip();
    };
  }

  /**
   * Some heads of an array.
   *
   * @param all row-major [outer, head, inner]
   * @return row-major [outer, kept head, inner]
   */
  private static FloatBuffer keptHeads(
      FloatBuffer all, int outer, int headCount, int inner, List<Integer> heads) {
    FloatBuffer kept = FloatBuffer.allocate(outer * heads.size() * inner);
    for (int block = 0; block < outer; block++) {
      for (int head : heads) {
        kept.put(all.slice((block * headCount + head) * inner, inner));
      }
    }
    return kept.flip();
  }
}

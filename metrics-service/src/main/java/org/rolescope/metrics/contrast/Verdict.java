package org.rolescope.metrics.contrast;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rolescope.metrics.role.RoleIndex;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.metrics.role.RolePrompts;

/**
 * Says in words what a comparison found. Counts and the strongest layer are the default
 * estimator's; where the reference estimator sees it otherwise, the layers are named. The same
 * numbers give the same words.
 */
final class Verdict {
  private final List<LayerContrast> layers;
  private final RoleOptions options;

  private Verdict(List<LayerContrast> layers, RoleOptions options) {
    this.layers = layers;
    this.options = options;
  }

  /**
   * A paragraph for each index that has its categories and one for unstable layers, apart by line
   * feeds; empty without layers.
   */
  static String of(List<LayerContrast> layers, RoleOptions options) {
    if (layers.isEmpty()) {
      return "";
    }
    List<String> paragraphs = new ArrayList<>();
    for (RoleIndex index : RolePrompts.of(options).indices()) {
      paragraphs.add(paragraph(new IndexVerdict(index, layers, options)));
    }
    String unstable = new Verdict(layers, options).unstable().collect(Collectors.joining(" "));
    if (!unstable.isEmpty()) {
      paragraphs.add(unstable);
    }
    return String.join("\n", paragraphs);
  }

  private static String paragraph(IndexVerdict words) {
    List<String> sentences = new ArrayList<>();
    sentences.add(words.changes());
    words.strongest().ifPresent(sentences::add);
    words.undefined().ifPresent(sentences::add);
    sentences.add(words.agreement());
    return String.join(" ", sentences);
  }

  private Stream<String> unstable() {
    List<LayerContrast> unstable = layers.stream().filter(LayerContrast::unstable).toList();
    if (unstable.isEmpty()) {
      return Stream.empty();
    }
    String heads = String.join(", ", unstable.stream().map(Verdict::degenerateHeads).toList());
    String reason =
        String.format(
            Locale.ROOT,
            "Unstable: %s. There heads with a neutral entropy below %s nats move a reference value by more than %s, so do not read the reference values.",
            heads,
            options.degenerateBelowNats(),
            options.unstableAbove());
    Predicate<LayerContrast> allDegenerate =
        layer -> layer.degenerateHeads().cardinality() == layer.base().heads().size();
    return unstable.stream().anyMatch(allDegenerate)
        ? Stream.of(reason, "Where that is every head, the default value means nothing either.")
        : Stream.of(reason);
  }

  private static String degenerateHeads(LayerContrast layer) {
    return String.format(
        Locale.ROOT,
        "layer %d (%d of %d heads)",
        layer.layer(),
        layer.degenerateHeads().cardinality(),
        layer.base().heads().size());
  }
}

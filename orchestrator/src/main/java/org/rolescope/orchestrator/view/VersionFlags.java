package org.rolescope.orchestrator.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.rolescope.orchestrator.view.Versions.Thresholds;
import org.rolescope.orchestrator.view.Versions.VersionLayer;
import org.rolescope.orchestrator.view.Versions.VersionRow;
import org.rolescope.v1.Model;
import org.rolescope.v1.Parity;

/** What deserves a look in a version, in sentences. */
final class VersionFlags {
  private VersionFlags() {}

  /** Layers that changed against the version before. */
  static List<String> between(VersionRow before, List<VersionLayer> layers, Thresholds thresholds) {
    List<String> flags = new ArrayList<>();
    if (before.layers().size() != layers.size()) {
      flags.add(
          "It has %d layers and %s, the version before, %d: their layers are not compared."
              .formatted(layers.size(), before.model(), before.layers().size()));
      return flags;
    }
    changed("RFC", before, layers, VersionLayer::rfc, thresholds.rfc()).ifPresent(flags::add);
    changed("RSI", before, layers, VersionLayer::rsi, thresholds.rsi()).ifPresent(flags::add);
    return flags;
  }

  /** A model that is not known to compute what its checkpoint says. */
  static Optional<String> ofParity(Model model) {
    return model.getParity() == Parity.PARITY_SUPPORTED
        ? Optional.empty()
        : Optional.of(
            "Its parity with the checkpoint is %s, not supported."
                .formatted(ModelInfo.parity(model)));
  }

  private static Optional<String> changed(
      String name,
      VersionRow before,
      List<VersionLayer> layers,
      Function<VersionLayer, Estimate> index,
      double threshold) {
    List<String> changes = new ArrayList<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      Estimate earlier = index.apply(before.layers().get(layer));
      Estimate now = index.apply(layers.get(layer));
      double change = now.value() - earlier.value();
      if (Math.abs(change) > threshold && areApart(earlier, now)) {
        changes.add(String.format(Locale.ROOT, "%d (%+.4f)", layer, change));
      }
    }
    return changes.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s differs from %s, the version before, by more than %s in layer%s %s."
                .formatted(
                    name,
                    before.model(),
                    threshold,
                    changes.size() == 1 ? "" : "s",
                    String.join(", ", changes)));
  }

  private static boolean areApart(Estimate first, Estimate second) {
    return first.high() < second.low() || second.high() < first.low();
  }
}

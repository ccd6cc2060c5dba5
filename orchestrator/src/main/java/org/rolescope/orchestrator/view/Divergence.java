package org.rolescope.orchestrator.view;

import java.util.List;
import org.rolescope.v1.InterventionEffect;

/**
 * How far an ablation moves the answers of one category.
 *
 * @param category the category
 * @param meanKlNats mean over its prompts of KL(clean ‖ ablated)
 */
public record Divergence(String category, double meanKlNats) {
  static List<Divergence> of(InterventionEffect effect) {
    return effect.getDivergencesList().stream()
        .map(each -> new Divergence(each.getCategory(), each.getMeanKlNats()))
        .toList();
  }
}

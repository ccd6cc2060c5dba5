package org.rolescope.metrics.confound;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.contrast.LayerContrast;
import org.rolescope.metrics.contrast.ModelContrast;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.role.LayerRoles;
import org.rolescope.metrics.role.RoleIndex;
import org.rolescope.metrics.role.RoleOptions;

/**
 * Gathers, layer by layer, what else than roles could explain the numbers, of one model or of two.
 * Keeps a few numbers a layer. Not thread-safe.
 */
public final class Confounds {
  private final RoleOptions options;
  private final TokenCounts baseTokens = new TokenCounts();
  private final TokenCounts instructTokens = new TokenCounts();
  private final List<LayerConfounds> layers = new ArrayList<>();

  /** Begins a report on numbers that these options make. */
  public Confounds(RoleOptions options) {
    this.options = requireNonNull(options, "options is null");
  }

  /**
   * Adds a layer of one model.
   *
   * @param layer its entropies
   * @param roles what was estimated from them
   * @throws RolescopeException INVALID_ARGUMENT where prompts have other lengths than in the layers
   *     before
   */
  public void add(LayerEntropies layer, LayerRoles roles) {
    baseTokens.admit(layer);
    layers.add(
        new LayerConfounds(layer.layer(), ModelConfounds.of(layer, roles), Optional.empty()));
  }

  /**
   * Adds a layer of two models.
   *
   * @param base the older version's
   * @param instruct the newer version's
   * @param contrast what was estimated from them
   * @throws RolescopeException INVALID_ARGUMENT where prompts have other lengths than in the layers
   *     of the same model before
   */
  public void add(LayerEntropies base, LayerEntropies instruct, LayerContrast contrast) {
    baseTokens.admit(base);
    instructTokens.admit(instruct);
    layers.add(
        new LayerConfounds(
            base.layer(),
            ModelConfounds.of(base, contrast.base()),
            Optional.of(ModelConfounds.of(instruct, contrast.instruct()))));
  }

  /**
   * The report on one model.
   *
   * @param roles the layers added, in the same order; at least one
   */
  public ConfoundReport report(List<LayerRoles> roles) {
    return report(findings(roles, Finding::of), false);
  }

  /**
   * The report on two models.
   *
   * @param contrast of the layers added, in the same order; at least one
   */
  public ConfoundReport report(ModelContrast contrast) {
    boolean differ = !baseTokens.counts().equals(instructTokens.counts());
    return report(findings(contrast.layers(), Finding::of), differ);
  }

  private ConfoundReport report(List<Finding> findings, boolean tokensDiffer) {
    PromptLengths lengths = PromptLengths.of(options, baseTokens.counts(), tokensDiffer);
    return new ConfoundReport(
        lengths.categories(),
        lengths.rfc(),
        lengths.rsi(),
        layers,
        ConfoundVerdict.of(options, findings, lengths, layers));
  }

  private static <T> List<Finding> findings(
      List<T> layers, BiFunction<RoleIndex, T, Finding> finding) {
    return Arrays.stream(RoleIndex.values())
        .flatMap(index -> layers.stream().map(layer -> finding.apply(index, layer)))
        .toList();
  }
}

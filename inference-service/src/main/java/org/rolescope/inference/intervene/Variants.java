package org.rolescope.inference.intervene;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.session.GraphChange;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.ModelDimensions;

/**
 * What a sweep changes inside a model: variants of it, each checked as the interventions of a pass
 * are, on all its prompts.
 */
public final class Variants {
  private final ModelDimensions dimensions;
  private final List<TokenizedPrompt> prompts;
  private final List<Interventions> variants;
  private final SourceValues source;

  private Variants(
      ModelDimensions dimensions, List<TokenizedPrompt> prompts, List<Interventions> variants) {
    this.dimensions = dimensions;
    this.prompts = List.copyOf(prompts);
    this.variants = List.copyOf(variants);
    this.source =
        new SourceValues(variants.stream().flatMap(one -> one.resolved().stream()).toList());
  }

  /**
   * Variants of a model.
   *
   * @param variants interventions of each, in the order of the request
   * @param manifest the model
   * @param prompts its prompts
   * @param hasSource whether there is a source run that patches may take values from
   * @param limits how many interventions there may be in all variants, and how large; what is taken
   *     from the source counts too
   * @throws RolescopeException INVALID_ARGUMENT where there is no variant, one changes nothing or
   *     names prompts, or an intervention does not fit; RESOURCE_EXHAUSTED where they are too many
   *     or too large
   */
  public static Variants of(
      List<List<Intervention>> variants,
      BundleManifest manifest,
      List<TokenizedPrompt> prompts,
      boolean hasSource,
      InterventionLimits limits) {
    if (variants.isEmpty()) {
      throw invalid("There are no variants; give at least one");
    }
    Interventions.checkLimits(variants.stream().flatMap(List::stream).toList(), limits);
    List<Interventions> checked = new ArrayList<>();
    for (int variant = 0; variant < variants.size(); variant++) {
      checkPrompts(variant, variants.get(variant));
      InterventionPlace place = InterventionPlace.ofVariant(variant);
      checked.add(
          Interventions.checked(variants.get(variant), manifest, prompts, place, hasSource));
    }
    Variants made = new Variants(manifest.dimensions(), prompts, checked);
    made.checkSource(limits);
    return made;
  }

  /** Number of variants. */
  public int count() {
    return variants.size();
  }

  /** First layer that a variant changes. */
  public int firstLayer(int variant) {
    return variants.get(variant).resolved().stream()
        .mapToInt(ResolvedIntervention::layer)
        .min()
        .orElseThrow();
  }

  /** What patches take from the source run. */
  public SourceValues source() {
    return source;
  }

  /**
   * The tensors that some variants change in some layers.
   *
   * @param chosen places of the variants
   * @param firstLayer first layer
   * @param lastLayer last layer, included
   */
  public Set<GraphChange> changes(Collection<Integer> chosen, int firstLayer, int lastLayer) {
    Set<GraphChange> changes = new HashSet<>();
    for (int variant : chosen) {
      changes.addAll(variants.get(variant).changes(firstLayer, lastLayer));
    }
    return changes;
  }

  /**
   * What a batch gives the inputs of a stage's changes.
   *
   * @param changes the changes of the stage
   * @param rows the rows of the batch, whose prompts are all of one length
   * @return the inputs; the caller closes them
   */
  public ChangeInputs inputs(Collection<GraphChange> changes, List<VariantRow> rows) {
    int length = prompts.get(rows.getFirst().prompt()).length();
    BatchShape batch = new BatchShape(rows.size(), length, dimensions);
    ChangeInputs.Builder inputs = new ChangeInputs.Builder(changes, batch);
    for (int row = 0; row < rows.size(); row++) {
      VariantRow there = rows.get(row);
      variants.get(there.variant()).change(inputs, row, there.prompt(), source);
    }
    return inputs.build();
  }

  private static void checkPrompts(int variant, List<Intervention> interventions) {
    if (interventions.isEmpty()) {
      throw invalid("Variant %d changes nothing; give it an intervention".formatted(variant));
    }
    for (int index = 0; index < interventions.size(); index++) {
      if (!interventions.get(index).prompts().isEmpty()) {
        throw invalid(
            "%s names prompts but a variant changes all of them; leave prompt_indices empty"
                .formatted(InterventionPlace.ofVariant(variant).of(index)));
      }
    }
  }

  private void checkSource(InterventionLimits limits) {
    long bytes = source.sizeBytes(dimensions, prompts);
    if (bytes > limits.maxBytes()) {
      throw new RolescopeException(
          FaultCode.RESOURCE_EXHAUSTED,
          "The patches take %d bytes from the source run, more than the %d a request may have; send fewer variants or prompts at a time or raise rolescope.inference.max-intervention-bytes"
              .formatted(bytes, limits.maxBytes()));
    }
  }

  private static RolescopeException invalid(String sentence) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, sentence);
  }
}

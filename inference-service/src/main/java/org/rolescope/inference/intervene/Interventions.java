package org.rolescope.inference.intervene;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.session.GraphChange;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.ModelDimensions;

/** What one pass changes inside a model: checked against the model and the prompts of the pass. */
public final class Interventions {
  /** Nothing is changed. */
  public static final Interventions NONE = new Interventions(null, List.of(), List.of());

  private final ModelDimensions dimensions;
  private final List<TokenizedPrompt> prompts;
  private final List<ResolvedIntervention> resolved;

  private Interventions(
      ModelDimensions dimensions,
      List<TokenizedPrompt> prompts,
      List<ResolvedIntervention> resolved) {
    this.dimensions = dimensions;
    this.prompts = prompts;
    this.resolved = resolved;
  }

  /**
   * Interventions on prompts of a model.
   *
   * @param interventions the interventions, in the order of the request
   * @param manifest the model
   * @param prompts the prompts of the pass
   * @param limits how many there may be, and how large
   * @throws RolescopeException INVALID_ARGUMENT where one does not fit the model, the prompts or
   *     another one, or the model cannot be intervened on; RESOURCE_EXHAUSTED where they are too
   *     many or too large
   */
  public static Interventions of(
      List<Intervention> interventions,
      BundleManifest manifest,
      List<TokenizedPrompt> prompts,
      InterventionLimits limits) {
    if (interventions.isEmpty()) {
      return NONE;
    }
    checkLimits(interventions, limits);
    return checked(interventions, manifest, prompts, InterventionPlace.OF_REQUEST, false);
  }

  /**
   * Interventions on prompts of a model, however many.
   *
   * @param place where they stand in the request
   * @param hasSource whether there is a source run that patches may take values from
   * @throws RolescopeException INVALID_ARGUMENT as {@link #of}
   */
  static Interventions checked(
      List<Intervention> interventions,
      BundleManifest manifest,
      List<TokenizedPrompt> prompts,
      InterventionPlace place,
      boolean hasSource) {
    if (manifest.holdsWholeModel()) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "Interventions are asked for but the model was instrumented from an ONNX graph and runs as it was made; export its checkpoint with `rolescope export`");
    }
    ModelDimensions dimensions = manifest.dimensions();
    InterventionCheck check = new InterventionCheck(dimensions, prompts, place, hasSource);
    List<ResolvedIntervention> resolved = new ArrayList<>();
    for (Intervention intervention : interventions) {
      resolved.add(new ResolvedIntervention(intervention, dimensions.headCount(), prompts.size()));
      check.add(resolved.getLast());
    }
    return new Interventions(dimensions, List.copyOf(prompts), List.copyOf(resolved));
  }

  /** Whether a pass over these prompts can be changed so. */
  public boolean areFor(List<TokenizedPrompt> promptsOfPass) {
    return resolved.isEmpty() || prompts.equals(promptsOfPass);
  }

  /**
   * The tensors that are changed in some layers.
   *
   * @param firstLayer first layer
   * @param lastLayer last layer, included
   */
  public Set<GraphChange> changes(int firstLayer, int lastLayer) {
    Set<GraphChange> changes = new HashSet<>();
    for (ResolvedIntervention intervention : resolved) {
      if (intervention.layer() >= firstLayer && intervention.layer() <= lastLayer) {
        changes.add(intervention.change());
      }
    }
    return changes;
  }

  /**
   * What a batch gives the inputs of a stage's changes.
   *
   * @param changes the changes of the stage, as {@link #changes} gave them
   * @param promptIndices the prompts of the batch, all of one length
   * @return the inputs; the caller closes them
   */
  public ChangeInputs inputs(Collection<GraphChange> changes, List<Integer> promptIndices) {
    if (changes.isEmpty()) {
      return ChangeInputs.NONE;
    }
    int length = prompts.get(promptIndices.getFirst()).length();
    BatchShape batch = new BatchShape(promptIndices.size(), length, dimensions);
    ChangeInputs.Builder inputs = new ChangeInputs.Builder(changes, batch);
    for (int row = 0; row < promptIndices.size(); row++) {
      change(inputs, row, promptIndices.get(row), SourceValues.NONE);
    }
    return inputs.build();
  }

  /**
   * Says in the inputs of a batch what happens to one of its rows.
   *
   * @param inputs inputs of some changes; others are passed over
   * @param row the row
   * @param prompt the prompt that is there
   * @param source what patches from the source run take
   */
  void change(ChangeInputs.Builder inputs, int row, int prompt, SourceValues source) {
    List<Long> ids = prompts.get(prompt).tokenIds();
    for (ResolvedIntervention intervention : resolved) {
      ChangeValues values = inputs.values(intervention.change());
      OptionalInt place = intervention.placeOf(prompt);
      if (values != null && place.isPresent()) {
        new RowChange(values, row, intervention, place.getAsInt(), ids, source).apply();
      }
    }
  }

  /** The interventions, each knowing its heads and prompts. */
  List<ResolvedIntervention> resolved() {
    return resolved;
  }

  /**
   * Looks whether interventions are few and small enough.
   *
   * @throws RolescopeException RESOURCE_EXHAUSTED where they are not
   */
  static void checkLimits(List<Intervention> interventions, InterventionLimits limits) {
    if (interventions.size() > limits.maxCount()) {
      throw new RolescopeException(
          FaultCode.RESOURCE_EXHAUSTED,
          "%d interventions are more than the %d a request may have; send fewer at a time or raise rolescope.inference.max-interventions"
              .formatted(interventions.size(), limits.maxCount()));
    }
    long bytes = interventions.stream().mapToLong(Interventions::patchBytes).sum();
    if (bytes > limits.maxBytes()) {
      throw new RolescopeException(
          FaultCode.RESOURCE_EXHAUSTED,
          "The patches of the interventions hold %d bytes, more than the %d a request may have; send fewer at a time or raise rolescope.inference.max-intervention-bytes"
              .formatted(bytes, limits.maxBytes()));
    }
  }

  private static long patchBytes(Intervention intervention) {
    return switch (intervention.site()) {
      case Site.MlpScale _ -> 0;
      case Site.MlpPatch(Patch patch) -> patch.sizeBytes();
      case Site.ResidualPatch(Patch patch) -> patch.sizeBytes();
      case Site.Heads(_, HeadMethod.PatternPatch(Patch patch)) -> patch.sizeBytes();
      case Site.Heads(_, HeadMethod.ZPatch(Patch patch)) -> patch.sizeBytes();
      case Site.Heads(_, HeadMethod.ConstantZ(ByteBuffer values)) -> values.remaining();
      case Site.Heads _ -> 0;
    };
  }
}

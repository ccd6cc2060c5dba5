package org.rolescope.inference.forward;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.intervene.SourceValues;
import org.rolescope.inference.intervene.Variants;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.tensors.TensorView;

/**
 * Runs prompts under each of many variants of a model. The source runs once, then the target, and
 * every variant from the first stage it changes, with the residual stream of the target there: a
 * sweep over all layers and heads costs about half of as many passes as it has variants. Variants
 * that run together share batches, and weights are read once for all of them.
 */
public final class SweepPass {
  private final ModelResidency residency;
  private final ModelPrompts target;
  private final Optional<ModelPrompts> source;
  private final Variants variants;
  private final List<SweepGroup> groups;

  /**
   * Plans a sweep.
   *
   * @param residency lends the stages
   * @param target the model and its prompts
   * @param source what patches take values from, where there is something
   * @param variants the variants, checked against the prompts of the target
   * @param maxBytes most bytes of residual streams and logits of the variants that run at once
   * @throws RolescopeException INVALID_ARGUMENT where the source does not fit the target;
   *     RESOURCE_EXHAUSTED where a single variant takes more bytes
   */
  public SweepPass(
      ModelResidency residency,
      ModelPrompts target,
      Optional<ModelPrompts> source,
      Variants variants,
      long maxBytes) {
    this.residency = requireNonNull(residency, "residency is null");
    this.target = requireNonNull(target, "target is null");
    this.source = requireNonNull(source, "source is null");
    this.variants = requireNonNull(variants, "variants are null");
    source.ifPresent(
        given -> {
          SourceCheck.check(target, given);
          selection().check(given.manifest());
        });
    this.groups = SweepGroup.cut(variants, target, maxBytes);
  }

  /**
   * Runs the sweep.
   *
   * @param limits batch limits
   * @param sink takes the logits of each run; may block, which slows the sweep down
   * @param cancelled asked between batches; true stops the sweep
   * @return what it cost
   * @throws RolescopeException CANCELLED once {@code cancelled} says so; MALFORMED_MODEL where a
   *     bundle is damaged; RESOURCE_EXHAUSTED where a prompt does not fit the limits or a stage not
   *     the memory
   */
  public SweepReport run(PassLimits limits, SweepSink sink, BooleanSupplier cancelled) {
    SweepCost cost = new SweepCost();
    if (source.isPresent()) {
      sink.source(runSource(source.get(), limits, cost, cancelled));
    }
    BatchLimit limit = new BatchLimit(limits, target.manifest().dimensions());
    try (TargetRun targetRun = new TargetRun(target, limit, cost)) {
      for (int number = 0; number < groups.size(); number++) {
        GroupPass pass = new GroupPass(residency, target, variants, targetRun, cost, cancelled);
        try (VariantBatches batches = new VariantBatches(groups.get(number), target, limit)) {
          cost.batches(batches.count());
          pass.run(groups.get(number), batches, need(number));
        }
        if (number == 0) {
          sink.target(pass.targetLogits());
        }
        groups.get(number).variants().forEach(one -> sink.variant(one, pass.logits(one)));
      }
    }
    return cost.report(target);
  }

  private GroupPass.TargetNeed need(int number) {
    int next = number + 1 < groups.size() ? groups.get(number + 1).firstStage() : -1;
    return new GroupPass.TargetNeed(next, number == 0);
  }

  private TensorView runSource(
      ModelPrompts given, PassLimits limits, SweepCost cost, BooleanSupplier cancelled) {
    LogitsTable logits =
        new LogitsTable(given.prompts().size(), given.manifest().dimensions().vocabularySize());
    SourceValues values = variants.source();
    Consumer<TensorView> keep =
        tensor -> {
          if (tensor.layer().isPresent()) {
            values.add(tensor);
          } else {
            logits.putAll(tensor);
          }
        };
    PassReport report =
        new ForwardPass(residency, given.bundle(), given.manifest())
            .steadily()
            .run(given.prompts(), selection(), limits, keep, cancelled);
    cost.batches(report.stages().getFirst().batchCount());
    report.stages().forEach(stage -> cost.ran(stage.stage(), given.prompts().size()));
    return logits.view();
  }

  /** The logits, and the tensors that patches take values from. */
  private CaptureSelection selection() {
    SourceValues values = variants.source();
    Set<String> taps = new HashSet<>(values.taps());
    taps.add(CaptureSelection.LOGITS);
    return new CaptureSelection(taps, values.firstLayer(), values.lastLayer());
  }
}

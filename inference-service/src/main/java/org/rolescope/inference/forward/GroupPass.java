package org.rolescope.inference.forward;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.intervene.ChangeInputs;
import org.rolescope.inference.intervene.VariantRow;
import org.rolescope.inference.intervene.Variants;
import org.rolescope.inference.session.GraphChange;
import org.rolescope.inference.session.GraphEdit;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.inference.session.OpenStage;
import org.rolescope.inference.session.StageFeed;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.bundle.Stage;

/** One pass of a group of variants through the stages, from the first one that they change. */
final class GroupPass {
  private final ModelResidency residency;
  private final ModelPrompts target;
  private final Variants variants;
  private final TargetRun targetRun;
  private final SweepCost cost;
  private final BooleanSupplier cancelled;
  private final Map<Integer, LogitsTable> logits = new HashMap<>();
  private LogitsTable targetLogits;

  /**
   * A pass.
   *
   * @param residency lends the stages
   * @param target the model and its prompts
   * @param variants all variants of the sweep
   * @param targetRun the target run, which goes on in this pass as far as it is needed
   * @param cost counts what runs
   * @param cancelled asked between batches; true stops the pass
   */
  GroupPass(
      ModelResidency residency,
      ModelPrompts target,
      Variants variants,
      TargetRun targetRun,
      SweepCost cost,
      BooleanSupplier cancelled) {
    this.residency = residency;
    this.target = target;
    this.variants = variants;
    this.targetRun = targetRun;
    this.cost = cost;
    this.cancelled = cancelled;
  }

  /**
   * How far the target has to run in a pass, besides where variants join it.
   *
   * @param nextStage place of the stage with which the next group begins, whose residual stream is
   *     to be remembered; -1 where there is none
   * @param toTheEnd whether its logits are wanted
   */
  record TargetNeed(int nextStage, boolean toTheEnd) {}

  /**
   * Runs a group.
   *
   * @param group the variants
   * @param batches their batches
   * @param need what is needed of the target run
   */
  void run(SweepGroup group, VariantBatches batches, TargetNeed need) {
    List<Stage> all = target.manifest().stages();
    int first = targetRun.begin(group.firstStage());
    // Whoever needs the target's residual stream needs it before a stage, so it stops there.
    int targetEnd = need.toTheEnd() ? all.size() : Math.max(group.lastStage(), need.nextStage());
    try (StageFeed feed =
        residency.lend(target.bundle(), target.manifest(), all.subList(first, all.size()))) {
      for (int place = first; place < all.size(); place++) {
        Set<GraphChange> changes = changes(all.get(place), group.variants());
        try (OpenStage open = feed.next(GraphEdit.of(changes))) {
          handOver(place, group, batches, need);
          StagePass pass = new StagePass(open, changes, batches);
          if (place < targetEnd) {
            pass.runTarget();
          }
          pass.runVariants();
        }
      }
    }
  }

  /** Logits of the target run, where it went to the end. */
  TensorView targetLogits() {
    return targetLogits.view();
  }

  /** Logits of a variant of the group; they are not kept. */
  TensorView logits(int variant) {
    return logits.remove(variant).view();
  }

  /** Gives the target's residual stream before a stage to whoever begins with it. */
  private void handOver(int place, SweepGroup group, VariantBatches batches, TargetNeed need) {
    boolean isNext = place == need.nextStage();
    if (group.joinsAt(place) || isNext) {
      ResidualRows rows = targetRun.rows();
      batches.join(place, rows);
      if (isNext) {
        targetRun.remember(place, rows);
      }
    }
  }

  private Set<GraphChange> changes(Stage stage, List<Integer> chosen) {
    return switch (stage.kind()) {
      case BLOCKS -> variants.changes(chosen, stage.firstLayer(), stage.lastLayer());
      case EMBED, UNEMBED, MODEL -> Set.of();
    };
  }

  private LogitsTable table() {
    return new LogitsTable(
        target.prompts().size(), target.manifest().dimensions().vocabularySize());
  }

  /** One stage of the pass. */
  private final class StagePass {
    private final Stage stage;
    private final Set<GraphChange> changes;
    private final VariantBatches batches;
    private final StageRun targetStage;
    private final StageRun plainStage;
    private final StageRun changedStage;

    private StagePass(OpenStage open, Set<GraphChange> changes, VariantBatches batches) {
      this.stage = open.stage();
      this.changes = changes;
      this.batches = batches;
      OpenStage unedited = open.unedited();
      targetStage =
          new StageRun(unedited, target.manifest(), _ -> ChangeInputs.NONE, this::putTarget);
      plainStage = new StageRun(unedited, target.manifest(), _ -> ChangeInputs.NONE, this::put);
      changedStage = new StageRun(open, target.manifest(), this::inputs, this::put);
    }

    private void runTarget() {
      for (BatchState state : targetRun.states()) {
        run(targetStage, state);
      }
    }

    /** Batches that this stage leaves alone run it as it is. */
    private void runVariants() {
      for (BatchState state : batches.begun()) {
        run(isChanged(state.batch()) ? changedStage : plainStage, state);
      }
    }

    private void run(StageRun how, BatchState state) {
      if (cancelled.getAsBoolean()) {
        throw new RolescopeException(FaultCode.CANCELLED, "The caller gave up");
      }
      how.run(state);
      cost.ran(stage, state.batch().size());
    }

    private boolean isChanged(PromptBatch batch) {
      Set<Integer> there = new HashSet<>();
      batches.rows(batch).forEach(row -> there.add(row.variant()));
      return !changes.isEmpty() && !GroupPass.this.changes(stage, List.copyOf(there)).isEmpty();
    }

    private ChangeInputs inputs(PromptBatch batch) {
      return variants.inputs(changes, batches.rows(batch));
    }

    private void putTarget(TensorView rows) {
      if (targetLogits == null) {
        targetLogits = table();
      }
      targetLogits.putAll(rows);
    }

    private void put(TensorView rows) {
      for (int index = 0; index < rows.promptIndices().size(); index++) {
        VariantRow row = batches.row(rows.promptIndices().get(index));
        logits.computeIfAbsent(row.variant(), _ -> table()).put(row.prompt(), rows, index);
      }
    }
  }
}

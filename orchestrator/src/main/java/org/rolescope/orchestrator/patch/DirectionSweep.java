package org.rolescope.orchestrator.patch;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.rolescope.orchestrator.client.InferenceClient;
import org.rolescope.orchestrator.client.MetricsClient;
import org.rolescope.orchestrator.runstore.Checkpoint;
import org.rolescope.orchestrator.stepwise.StepCount;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.Model;
import org.rolescope.v1.PatchMeasure;
import org.rolescope.v1.PatchPlan;
import org.rolescope.v1.PatchingEndpoints;
import org.rolescope.v1.SweepRequest;
import org.rolescope.v1.SweepRun;
import org.rolescope.v1.SweepSource;
import org.rolescope.v1.SweepStarted;

/**
 * Patches everything of one direction that is not kept yet, and keeps each unit when its last patch
 * has come. Of logits, those of the run patched from and of one other are in memory.
 *
 * <p>Units are asked for in parts that follow from the plan alone, and a part of which anything is
 * missing is asked for whole: how a product is rounded may depend on what shares a batch with it,
 * so only equal requests give equal bytes.
 */
final class DirectionSweep implements InferenceClient.SweepSink {
  private final PatchWork work;
  private final Direction direction;
  private final PatchFiles files;
  private final StepCount steps;
  private final Measure measure;
  private final List<List<Double>> measures = new ArrayList<>();
  private Deque<Unit> coming = new ArrayDeque<>();
  private int taken;

  /**
   * Prepares a sweep.
   *
   * @param steps told of each unit, and of the runs without a patch
   */
  DirectionSweep(
      PatchWork work,
      Direction direction,
      PatchFiles files,
      StepCount steps,
      MetricsClient metrics) {
    this.work = requireNonNull(work, "work is null");
    this.direction = requireNonNull(direction, "direction is null");
    this.files = requireNonNull(files, "files is null");
    this.steps = requireNonNull(steps, "steps is null");
    measure =
        work.plan().getMeasure() == PatchMeasure.PATCH_MEASURE_LOGIT_DIFFERENCE
            ? new Measure.LogitDifference(work.answers(), metrics)
            : new Measure.Divergence(metrics);
  }

  /**
   * Does what is missing.
   *
   * @return forward passes of all pairs it took; 0 where nothing was missing
   * @throws org.rolescope.fault.RolescopeException what the services end with; CONFLICT where a
   *     model is another by now
   */
  double run(InferenceClient inference) {
    double forwardPasses = 0;
    for (List<Unit> part : Unit.parts(work.units(direction))) {
      if (!part.stream().allMatch(files::isDone)) {
        coming = new ArrayDeque<>(part);
        forwardPasses += inference.sweep(request(part), this).getForwardPasses();
      }
    }
    return forwardPasses;
  }

  @Override
  public void started(SweepStarted started) {
    confirm(started.getSource(), work.models().from(direction));
    confirm(started.getTarget(), work.models().into(direction));
    if (!Files.exists(files.started(direction))) {
      Checkpoint.write(files.started(direction), started);
    }
  }

  @Override
  public void logits(SweepRun run, int variant, TensorView logits) {
    switch (run) {
      case SWEEP_RUN_SOURCE -> measure.from(logits);
      case SWEEP_RUN_TARGET -> keepEndpoints(logits);
      case SWEEP_RUN_VARIANT -> take(logits);
      case SWEEP_RUN_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalStateException("run " + run);
    }
  }

  private void keepEndpoints(TensorView target) {
    if (!Files.exists(files.endpoints(direction))) {
      Checkpoint.write(
          files.endpoints(direction),
          PatchingEndpoints.newBuilder()
              .addAllSource(measure.source())
              .addAllTarget(measure.of(target))
              .build());
      steps.finished(direction.text() + ": both runs without a patch");
    }
  }

  private void take(TensorView patched) {
    Unit unit = coming.getFirst();
    boolean isMissing = !files.isDone(unit);
    if (isMissing) {
      measures.add(measure.of(patched));
    }
    taken++;
    if (taken == unit.sets().size()) {
      if (isMissing) {
        files.write(unit, measures);
        steps.finished(unit.words());
      }
      coming.removeFirst();
      measures.clear();
      taken = 0;
    }
  }

  private SweepRequest request(List<Unit> part) {
    PatchPlan plan = work.plan();
    SweepRequest.Builder request =
        SweepRequest.newBuilder()
            .setModel(work.models().into(direction).getName())
            .addAllPrompts(direction.promptsInto(plan))
            .setPromptOptions(plan.getPromptOptions())
            .setSource(
                SweepSource.newBuilder()
                    .setModel(work.models().from(direction).getName())
                    .addAllPrompts(direction.promptsFrom(plan)));
    part.forEach(
        unit -> unit.sets().forEach(set -> request.addVariants(Variants.of(set, plan.getSite()))));
    return request.build();
  }

  /** What comes must be of the models that the work is named by. */
  private static void confirm(CaptureStarted started, Model model) {
    if (!started.getModel().getDigest().equals(model.getDigest())) {
      throw PatchFaults.changed(model.getName());
    }
  }
}

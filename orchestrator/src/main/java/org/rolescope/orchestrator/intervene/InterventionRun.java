package org.rolescope.orchestrator.intervene;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rolescope.orchestrator.runstore.Checkpoint;
import org.rolescope.orchestrator.stepwise.StepCount;
import org.rolescope.orchestrator.stepwise.StepListener;
import org.rolescope.v1.ConstantOutput;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.InterventionEffect;
import org.rolescope.v1.NamedIntervention;

/**
 * One ablation run on its way. Each step reads what the ones before it left on disk, never what
 * they had in memory, so that it makes no difference where the run was cut. Not thread-safe.
 */
final class InterventionRun {
  private final AblationWork work;
  private final InterventionFolder folder;
  private final EntropySteps entropies;
  private final LogitSteps logits;
  private final AblationArtifacts artifacts;
  private final List<MeanOutputs.Place> places;
  private final StepCount steps;

  /** Prepares the work, and tells where it stands. */
  InterventionRun(AblationWork work, StepListener listener) {
    this.work = requireNonNull(work, "work is null");
    folder = work.folder();
    entropies = new EntropySteps(work);
    logits = new LogitSteps(work);
    artifacts = new AblationArtifacts(work);
    places = MeanOutputs.places(work.plan().interventions());
    List<Path> all = checkpoints();
    long done =
        folder.work().isComplete() ? all.size() : all.stream().filter(Files::exists).count();
    steps = new StepCount(all.size(), (int) done, listener);
  }

  /** Does every step that is not done yet. */
  void work() {
    work.confirm(work.started());
    entropies.measureClean(layer -> steps.finished("entropies of layer " + layer));
    if (!Files.exists(folder.cleanLogitsDone())) {
      logits.captureClean();
      steps.finished("logits");
    }
    places.forEach(this::takeMean);
    work.plan().interventions().forEach(this::intervene);
    artifacts.writeAll();
    steps.finished("effects.csv");
  }

  /** The file that shows that a step is done, for each step. */
  private List<Path> checkpoints() {
    List<Path> files = new ArrayList<>(entropies.cleanFiles());
    // Logits come in batches of any order, but the step is over when the last of them is there.
    files.add(folder.cleanLogitsDone());
    places.forEach(place -> files.add(folder.mean(place.site(), place.layer())));
    work.plan().interventions().forEach(each -> files.add(folder.effect(each.getName())));
    files.add(folder.work().results());
    return files;
  }

  private void takeMean(MeanOutputs.Place place) {
    Path file = folder.mean(place.site(), place.layer());
    if (!Files.exists(file)) {
      PositionMean mean = work.requests().mean(place);
      work.services().inference().capture(work.requests().outputs(place), mean);
      Checkpoint.write(file, ConstantOutput.newBuilder().setValues(mean.values()).build());
      steps.finished("mean of " + place.words());
    }
  }

  private void intervene(NamedIntervention named) {
    Path file = folder.effect(named.getName());
    if (!Files.exists(file)) {
      int first = AblatedModel.firstLayer(named);
      InterventionEffect effect = effect(named, first);
      artifacts.write(named, first, effect);
      Checkpoint.write(file, effect);
      steps.finished(named.getName());
    }
  }

  private InterventionEffect effect(NamedIntervention named, int first) {
    List<Intervention> interventions = work.messages().of(named);
    entropies.measure(named.getName(), first, interventions);
    return EffectBuilder.of(
        named,
        work.services()
            .metrics()
            .scoreIntervention(work.options(), entropies.pairs(named.getName(), first)),
        work.plan().promptSet().categoryOfEachPrompt(),
        logits.compare(interventions));
  }
}

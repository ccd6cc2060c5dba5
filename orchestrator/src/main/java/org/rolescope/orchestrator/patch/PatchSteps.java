package org.rolescope.orchestrator.patch;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.rolescope.orchestrator.artifacts.ResultsJson;
import org.rolescope.orchestrator.client.InferenceClient;
import org.rolescope.orchestrator.client.MetricsClient;
import org.rolescope.orchestrator.runstore.AtomicFiles;
import org.rolescope.orchestrator.runstore.Checkpoint;
import org.rolescope.orchestrator.stepwise.StepCount;
import org.rolescope.orchestrator.stepwise.StepListener;
import org.rolescope.v1.NullRecovery;
import org.rolescope.v1.PatchResults;
import org.rolescope.v1.PatchingScore;
import org.rolescope.v1.ScorePatchingResponse;

/**
 * The steps of a piece of work that are not done yet, in order: both directions, unit by unit, the
 * scores, and the files for people. Each reads what the ones before it left on disk, never what
 * they had in memory, so that it makes no difference where the work was cut.
 *
 * @param work the work
 * @param files what is kept of it
 * @param listener told of each step
 */
record PatchSteps(PatchWork work, PatchFiles files, StepListener listener) {
  PatchSteps {
    requireNonNull(work, "work is null");
    requireNonNull(files, "files is null");
    requireNonNull(listener, "listener is null");
  }

  /**
   * Does them.
   *
   * @return forward passes of all pairs it took
   */
  double run(InferenceClient inference, MetricsClient metrics) {
    StepCount steps = steps();
    double forwardPasses = 0;
    for (Direction direction : Direction.of(work.plan())) {
      forwardPasses += new DirectionSweep(work, direction, files, steps, metrics).run(inference);
    }
    PatchScores scores = new PatchScores(work, metrics);
    if (!Files.exists(files.scores())) {
      Checkpoint.write(files.scores(), scores.candidates(files));
      steps.finished("scores");
    }
    if (!work.isSweep() && !Files.exists(files.nullScores())) {
      Checkpoint.write(files.nullScores(), scores.randomSets(files));
      steps.finished("scores of random sets");
    }
    finish(scores);
    steps.finished("results");
    return forwardPasses;
  }

  private StepCount steps() {
    List<Path> all = new ArrayList<>();
    for (Direction direction : Direction.of(work.plan())) {
      all.add(files.endpoints(direction));
      work.units(direction).stream().map(files::unit).forEach(all::add);
    }
    all.add(files.scores());
    if (!work.isSweep()) {
      all.add(files.nullScores());
    }
    all.add(files.folder().results());
    return new StepCount(all.size(), (int) all.stream().filter(Files::exists).count(), listener);
  }

  private void finish(PatchScores scores) {
    PatchResults.Builder results =
        PatchResults.newBuilder()
            .setId(files.folder().id().text())
            .setSourceModel(work.models().source())
            .setTargetModel(work.models().target())
            .setPlan(work.plan())
            .setScores(Checkpoint.read(files.scores(), ScorePatchingResponse.parser()))
            .setDenoising(files.readEndpoints(Direction.DENOISING))
            .addAllMeasured(scores.measured(files, work.candidates()))
            .addAllMeasuredRandomSets(scores.measured(files, work.allRandomSets()));
    if (!work.plan().getSkipNoising()) {
      results.setNoising(files.readEndpoints(Direction.NOISING));
    }
    List<PatchingScore> nullScores =
        work.isSweep()
            ? List.of()
            : Checkpoint.read(files.nullScores(), ScorePatchingResponse.parser()).getScoresList();
    results.addAllNullRecoveries(nullRecoveries(nullScores));
    results.addAllArtifacts(new PatchArtifacts(files, results.build(), nullScores).write());
    // Last: where it exists, the work is complete.
    AtomicFiles.write(files.folder().results(), out -> ResultsJson.write(out, results.build()));
  }

  /** The scores of random sets come by size, as the sets do. */
  private List<NullRecovery> nullRecoveries(List<PatchingScore> scores) {
    Iterator<PatchingScore> next = scores.iterator();
    List<NullRecovery> recoveries = new ArrayList<>();
    for (Map.Entry<Integer, List<PlaceSet>> sets : work.randomSets().entrySet()) {
      List<PatchingScore> ofSize =
          Stream.generate(next::next).limit(sets.getValue().size()).toList();
      recoveries.add(nullRecovery(sets.getKey(), ofSize));
    }
    return recoveries;
  }

  private static NullRecovery nullRecovery(int size, List<PatchingScore> scores) {
    NullRecovery.Builder recovery = NullRecovery.newBuilder().setSetSize(size);
    for (PatchingScore score : scores) {
      recovery.addDenoising(score.getDenoising().getRecovery().getValue());
      if (score.hasNoising()) {
        recovery.addNoising(score.getNoising().getRecovery().getValue());
      }
    }
    return recovery.build();
  }
}

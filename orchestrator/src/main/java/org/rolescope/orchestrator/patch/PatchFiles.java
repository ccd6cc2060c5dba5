package org.rolescope.orchestrator.patch;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rolescope.orchestrator.runstore.Checkpoint;
import org.rolescope.orchestrator.stepwise.WorkFolder;
import org.rolescope.v1.PatchedHeads;
import org.rolescope.v1.PatchingEndpoints;
import org.rolescope.v1.ScorePatchingRequest;
import org.rolescope.v1.SweepStarted;

/**
 * What is kept of patching between steps: of each direction the prompts, m of both runs, and m of
 * each unit of patches.
 *
 * @param folder where
 */
record PatchFiles(WorkFolder folder) {
  PatchFiles {
    requireNonNull(folder, "folder is null");
  }

  /** The tokenised prompts of a direction, and what ran them. */
  Path started(Direction direction) {
    return folder.step(direction.text() + "/started.pb");
  }

  /** m of both runs without a patch. */
  Path endpoints(Direction direction) {
    return folder.step(direction.text() + "/endpoints.pb");
  }

  /** m of the patches of a unit. */
  Path unit(Unit unit) {
    return folder.step(unit.fileName());
  }

  /** The scores of the candidates. */
  Path scores() {
    return folder.step("scores.pb");
  }

  /** The scores of the random sets, by size. */
  Path nullScores() {
    return folder.step("null_scores.pb");
  }

  boolean isDone(Unit unit) {
    return Files.exists(unit(unit));
  }

  SweepStarted readStarted(Direction direction) {
    return Checkpoint.read(started(direction), SweepStarted.parser());
  }

  PatchingEndpoints readEndpoints(Direction direction) {
    return Checkpoint.read(endpoints(direction), PatchingEndpoints.parser());
  }

  /**
   * Keeps a unit.
   *
   * @param measures m of each of its sets, [set][pair]
   */
  void write(Unit unit, List<List<Double>> measures) {
    // The request's candidates have all there is to keep, so it serves as a list of them.
    ScorePatchingRequest.Builder kept = ScorePatchingRequest.newBuilder();
    for (int index = 0; index < measures.size(); index++) {
      kept.addCandidates(
          PatchedHeads.newBuilder()
              .addAllHeads(unit.sets().get(index).sites())
              .addAllDenoised(measures.get(index)));
    }
    Checkpoint.write(unit(unit), kept.build());
  }

  /**
   * m of every set of some units, [pair].
   *
   * @throws org.rolescope.fault.RolescopeException DATA_LOSS where a file is missing or damaged
   */
  Map<PlaceSet, List<Double>> measures(List<Unit> units) {
    Map<PlaceSet, List<Double>> measures = new HashMap<>();
    for (Unit unit : units) {
      List<PatchedHeads> kept =
          Checkpoint.read(unit(unit), ScorePatchingRequest.parser()).getCandidatesList();
      if (!kept.stream()
          .map(PatchedHeads::getHeadsList)
          .toList()
          .equals(unit.sets().stream().map(PlaceSet::sites).toList())) {
        throw PatchFaults.damaged(unit(unit).toString());
      }
      for (int index = 0; index < kept.size(); index++) {
        measures.put(unit.sets().get(index), kept.get(index).getDenoisedList());
      }
    }
    return measures;
  }
}

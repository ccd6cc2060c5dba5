package org.rolescope.orchestrator.view;

import java.nio.file.Files;
import java.nio.file.Path;
import org.rolescope.orchestrator.report.FinishedRun;
import org.rolescope.orchestrator.runstore.Checkpoint;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.RankCandidatesResponse;

/** Ranks the heads of a comparison as candidates for patching. */
@FunctionalInterface
public interface Ranker {
  /**
   * The heads by rank.
   *
   * @param topK how many to give; 0: all
   * @param entropy kind of entropy the ranking rests on
   */
  RankCandidatesResponse rank(int topK, EntropyKind entropy);

  /** What a run ranked by itself: the first heads, by reference entropy; nothing is computed. */
  static Ranker kept(FinishedRun run) {
    return (topK, entropy) -> {
      Path file = run.folder().candidates();
      RankCandidatesResponse kept =
          entropy == EntropyKind.ENTROPY_KIND_REFERENCE && Files.exists(file)
              ? Checkpoint.read(file, RankCandidatesResponse.parser())
              : RankCandidatesResponse.getDefaultInstance();
      int count = topK == 0 ? kept.getCandidatesCount() : Math.min(topK, kept.getCandidatesCount());
      return kept.toBuilder()
          .clearCandidates()
          .addAllCandidates(kept.getCandidatesList().subList(0, count))
          .build();
    };
  }
}

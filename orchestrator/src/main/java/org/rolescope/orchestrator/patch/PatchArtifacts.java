package org.rolescope.orchestrator.patch;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.rolescope.orchestrator.artifacts.NullRecoveryTable;
import org.rolescope.orchestrator.artifacts.PatchingConfigJson;
import org.rolescope.orchestrator.artifacts.PatchingTable;
import org.rolescope.orchestrator.artifacts.Software;
import org.rolescope.orchestrator.artifacts.TableFormat;
import org.rolescope.orchestrator.runstore.AtomicFiles;
import org.rolescope.v1.PatchResults;
import org.rolescope.v1.PatchingScore;

/**
 * The files for people and notebooks.
 *
 * @param files where they go, and what is kept there
 * @param results what was found
 * @param nullScores the scores of the random sets; empty in a sweep
 */
record PatchArtifacts(PatchFiles files, PatchResults results, List<PatchingScore> nullScores) {
  private static final String CONFIGURATION = "patching_config.json";
  private static final String NULL_TABLE = "null_recoveries.csv";

  PatchArtifacts {
    requireNonNull(files, "files is null");
    requireNonNull(results, "results is null");
    nullScores = List.copyOf(nullScores);
  }

  /**
   * Writes all of them.
   *
   * @return their names, sorted
   */
  List<String> write() {
    List<String> written = new ArrayList<>();
    for (TableFormat format : TableFormat.values()) {
      String name = "patching_scores." + format.extension();
      write(name, out -> PatchingTable.of(results).write(format, out), written);
    }
    if (!nullScores.isEmpty()) {
      write(
          NULL_TABLE, out -> NullRecoveryTable.of(nullScores).write(TableFormat.CSV, out), written);
    }
    write(
        CONFIGURATION,
        out ->
            PatchingConfigJson.write(
                out, results, Software.current(), files.readStarted(Direction.DENOISING)),
        written);
    return written.stream().sorted().toList();
  }

  private void write(String name, AtomicFiles.Content content, List<String> written) {
    AtomicFiles.write(files.folder().file(name), content);
    written.add(name);
  }
}

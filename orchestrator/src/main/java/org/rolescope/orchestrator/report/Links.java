package org.rolescope.orchestrator.report;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/**
 * Links to the files of a run.
 *
 * @param files the files but for the archives of patterns
 * @param patternCount number of archives of patterns beside them
 */
record Links(List<File> files, long patternCount) {
  private static final String PATTERN_ARCHIVE = ".npz";

  Links {
    files = List.copyOf(files);
  }

  /**
   * A file.
   *
   * @param name its path in the run's folder
   * @param address where it is as seen from the report, as a relative URI
   */
  record File(String name, String address) {}

  /**
   * The files of a run.
   *
   * @param reportFolder where the report will lie
   */
  static Links of(FinishedRun run, Path reportFolder) {
    String prefix = prefix(run.folder().path(), reportFolder);
    List<String> artifacts = run.results().getArtifactsList();
    return new Links(
        artifacts.stream()
            .filter(path -> !path.endsWith(PATTERN_ARCHIVE))
            .map(path -> new File(path, address(prefix + path)))
            .toList(),
        artifacts.stream().filter(path -> path.endsWith(PATTERN_ARCHIVE)).count());
  }

  private static String prefix(Path runFolder, Path reportFolder) {
    Path from = reportFolder.toAbsolutePath().normalize();
    Path to = runFolder.toAbsolutePath().normalize();
    String way = from.relativize(to).toString().replace('\\', '/');
    return way.isEmpty() ? "./" : "./" + way + "/";
  }

  private static String address(String path) {
    try {
      // Brackets are allowed in addresses but would end one in Markdown.
      return new URI(null, null, path, null)
          .toASCIIString()
          .replace("(", "%28")
          .replace(")", "%29");
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException("a path is always a URI", impossible);
    }
  }
}

package org.rolescope.orchestrator.view;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rolescope.orchestrator.execute.RunStatus;
import org.rolescope.orchestrator.report.FinishedRun;

/**
 * A file of a run for people.
 *
 * @param path relative to the folder of the run, with forward slashes
 * @param sizeBytes its size
 * @param mediaType what it is
 * @param href where the server has it, relative to the root of the dashboard
 */
public record Artifact(String path, long sizeBytes, String mediaType, String href) {
  private static final List<String> REPORTS = List.of("report.html", "report.md");

  /** Every artifact of a complete run that is there, sorted by path; none of another run. */
  static List<Artifact> of(RunStatus status, Optional<FinishedRun> run) {
    return run.map(
            finished ->
                paths(finished).stream()
                    .map(path -> of(status, path))
                    .flatMap(Optional::stream)
                    .toList())
        .orElse(List.of());
  }

  /** Paths of what may be given away: results, figures and reports, and no other file. */
  static SortedSet<String> paths(FinishedRun run) {
    SortedSet<String> paths = new TreeSet<>(run.results().getArtifactsList());
    paths.addAll(REPORTS);
    Path figures = run.folder().path().resolve("figures");
    if (Files.isDirectory(figures)) {
      try (Stream<Path> files = Files.walk(figures)) {
        files.filter(Files::isRegularFile).map(run.folder()::relative).forEach(paths::add);
      } catch (IOException unreadable) {
        // A list without the figures is better than none.
      }
    }
    return paths;
  }

  /** What a file is, by its name. */
  public static String mediaType(String path) {
    return switch (path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
      case "json" -> "application/json";
      case "csv" -> "text/csv; charset=utf-8";
      case "md" -> "text/markdown; charset=utf-8";
      case "html" -> "text/html; charset=utf-8";
      case "svg" -> "image/svg+xml";
      case "png" -> "image/png";
      case "parquet" -> "application/vnd.apache.parquet";
      default -> "application/octet-stream";
    };
  }

  private static Optional<Artifact> of(RunStatus status, String path) {
    try {
      long sizeBytes = Files.size(status.folder().resolve(path));
      String href = "api/v1/runs/" + status.id() + "/artifacts/" + encoded(path);
      return Optional.of(new Artifact(path, sizeBytes, mediaType(path), href));
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  private static String encoded(String path) {
    return Arrays.stream(path.split("/"))
        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }
}

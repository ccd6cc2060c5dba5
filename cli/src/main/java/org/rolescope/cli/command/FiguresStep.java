package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.rolescope.cli.figures.Figure;
import org.rolescope.cli.figures.FigureFiles;
import org.rolescope.cli.figures.FigureSet;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.view.RunViews;

/**
 * Writes the figures of a finished run and says where.
 *
 * @param out where to say it
 */
record FiguresStep(PrintWriter out) {
  /**
   * Writes figures.
   *
   * @param run folder of the run
   * @param target folder to write {@code figures/{family}/} into
   * @param family the family the run must be of, or null
   * @param only names of figures; empty: all
   * @return the files
   * @throws RolescopeException INVALID_ARGUMENT where the run is of another family or a name is
   *     that of no figure; NOT_FOUND where there is no complete run
   */
  List<Path> write(Path run, Path target, String family, List<String> only) {
    RunViews views = RunViews.open(run);
    String own = views.run().run().plan().family();
    if (family != null && !family.equals(own)) {
      throw invalid(
          "Run %s is of family %s, not %s; name one of the two only"
              .formatted(views.run().run().id(), own, family));
    }
    return new FigureFiles(target, own).write(chosen(FigureSet.of(views), only));
  }

  /** Prints every file. */
  void list(List<Path> files) {
    files.forEach(file -> out.println("Wrote " + file));
    out.flush();
  }

  /** Prints how many files there are and where. */
  void count(List<Path> files, Path target) {
    out.printf("Wrote %d files of figures below %s%n", files.size(), target.resolve("figures"));
    out.flush();
  }

  private static List<Figure> chosen(List<Figure> figures, List<String> only) {
    for (String name : only) {
      if (figures.stream().noneMatch(figure -> figure.name().equals(name))) {
        throw invalid(
            "This run has no figure %s; use some of %s"
                .formatted(
                    name,
                    figures.stream()
                        .map(Figure::name)
                        .distinct()
                        .collect(Collectors.joining(", "))));
      }
    }
    return figures.stream()
        .filter(figure -> only.isEmpty() || only.contains(figure.name()))
        .toList();
  }

  private static RolescopeException invalid(String message) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, message);
  }
}

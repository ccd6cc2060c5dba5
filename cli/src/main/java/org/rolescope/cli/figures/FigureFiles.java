package org.rolescope.cli.figures;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rolescope.figures.ChartRenderer;
import org.rolescope.figures.Drawing;
import org.rolescope.figures.PngEncoder;
import org.rolescope.orchestrator.runstore.AtomicFiles;

/**
 * Writes figures as SVG and PNG. The same run gives the same bytes, on every machine.
 *
 * @param folder where {@code figures/{family}/} lies, or comes to lie
 * @param family name of the family
 */
public record FigureFiles(Path folder, String family) {
  /** Pixels of a picture for one of the drawing: sharp in print and on dense screens. */
  private static final double PNG_SCALE = 2;

  /** Checks that both are there. */
  public FigureFiles {
    requireNonNull(folder, "folder is null");
    requireNonNull(family, "family is null");
  }

  /**
   * Draws figures and writes them, each file as a whole.
   *
   * @return the files in the order of the figures
   */
  public List<Path> write(List<Figure> figures) {
    List<Path> written = new ArrayList<>();
    PngEncoder png = new PngEncoder(PNG_SCALE);
    try (ChartRenderer renderer = new ChartRenderer()) {
      for (Figure figure : figures) {
        Drawing drawing = renderer.draw(figure.request());
        Path svg = file(figure, ".svg");
        AtomicFiles.write(svg, out -> out.write(drawing.svg().getBytes(StandardCharsets.UTF_8)));
        Path picture = file(figure, ".png");
        AtomicFiles.write(picture, out -> png.write(drawing, out));
        written.add(svg);
        written.add(picture);
      }
    }
    return written;
  }

  private Path file(Figure figure, String extension) {
    return folder
        .resolve("figures")
        .resolve(family)
        .resolve(figure.folder())
        .resolve(figure.name() + extension);
  }
}

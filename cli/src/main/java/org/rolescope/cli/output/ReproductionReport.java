package org.rolescope.cli.output;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.rolescope.cli.study.Figure;

/** Published figures beside ours, and what the published tables hide. */
public final class ReproductionReport {
  private final PrintWriter out;

  /** Prints to this writer. */
  public ReproductionReport(PrintWriter out) {
    this.out = out;
  }

  /** Prints every figure with its relative difference; ! marks those that differ. */
  public void printFigures(List<Figure> figures) {
    out.println(
        "Figures of cross_model_analysis_results.json, recomputed from the comparison tables");
    out.println(
        AsciiTable.builder()
            .border(Tables.BORDER)
            .data(
                figures,
                List.of(
                    new Column().header("Figure").with(Figure::name),
                    new Column().header("ours").with(figure -> number(figure.ours())),
                    new Column().header("published").with(figure -> number(figure.published())),
                    new Column()
                        .header("relative difference")
                        .with(ReproductionReport::difference)))
            .asString());
    long agreeing = figures.stream().filter(Figure::agrees).count();
    out.printf(
        Locale.ROOT,
        "%d of %d figures agree to a relative difference of %.0e.%n%n",
        agreeing,
        figures.size(),
        Figure.TOLERANCE);
    out.flush();
  }

  /** Prints the re-analysis. */
  public void printReanalysis(List<String> paragraphs) {
    out.println("What the tables hide");
    paragraphs.forEach(paragraph -> out.println("- " + paragraph));
    out.flush();
  }

  private static String difference(Figure figure) {
    return String.format(Locale.ROOT, "%.1e", figure.relativeDifference())
        + (figure.agrees() ? " " : "!");
  }

  /** All digits; counts without a point. */
  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}

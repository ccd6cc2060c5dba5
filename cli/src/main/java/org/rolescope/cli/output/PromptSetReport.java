package org.rolescope.cli.output;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import org.rolescope.orchestrator.plan.Lengths;
import org.rolescope.orchestrator.plan.PromptCategory;
import org.rolescope.orchestrator.plan.PromptSetCheck;
import org.rolescope.orchestrator.plan.RoleCategoryNames;

/** What a check of a prompt set found, as a table and sentences. */
public final class PromptSetReport {
  private final PrintWriter out;

  /** Prints to this writer. */
  public PromptSetReport(PrintWriter out) {
    this.out = out;
  }

  /**
   * Prints a check.
   *
   * @param lengths lengths of the prompts in every unit known
   */
  public void print(PromptSetCheck check, List<Lengths> lengths) {
    out.printf(
        "Prompt set %s: %d prompts in %d categories%n%n",
        check.set().name(), check.set().texts().size(), check.set().categories().size());
    out.println(
        AsciiTable.builder()
            .border(Tables.BORDER)
            .data(check.set().categories(), columns(check.roles(), lengths))
            .asString());
    out.println("Lengths: mean (shortest to longest).");
    out.println();
    lengths.forEach(each -> printDifference(check.roles(), each));
    List<String> warnings = check.warnings(lengths);
    if (warnings.isEmpty()) {
      out.println("Nothing is doubtful about it.");
    }
    warnings.forEach(warning -> out.println("Warning: " + warning));
    out.flush();
  }

  private void printDifference(RoleCategoryNames roles, Lengths lengths) {
    Lengths.Difference difference = lengths.difference(roles.self(), roles.neutral());
    out.printf(
        Locale.ROOT,
        "%s minus %s: %+.2f %s, Mann-Whitney p = %.4f: %s%n",
        roles.self(),
        roles.neutral(),
        difference.ofMeans(),
        lengths.unit(),
        difference.pValue(),
        difference.isBalanced() ? "balanced" : "not balanced");
  }

  private static List<ColumnData<PromptCategory>> columns(
      RoleCategoryNames roles, List<Lengths> lengths) {
    List<ColumnData<PromptCategory>> columns = new ArrayList<>();
    columns.add(left("Category").with(PromptCategory::name));
    columns.add(left("Part").with(category -> part(roles, category.name())));
    columns.add(new Column().header("Prompts").with(category -> "" + category.prompts().size()));
    for (Lengths each : lengths) {
      columns.add(
          new Column().header(each.unit()).with(category -> length(each.of(category.name()))));
    }
    return columns;
  }

  private static Column left(String header) {
    return new Column().header(header).dataAlign(HorizontalAlign.LEFT);
  }

  private static String part(RoleCategoryNames roles, String category) {
    if (category.equals(roles.self())) {
      return "self";
    }
    if (category.equals(roles.neutral())) {
      return "neutral";
    }
    return category.equals(roles.confounder()) ? "confounder" : "";
  }

  private static String length(IntSummaryStatistics lengths) {
    return String.format(
        Locale.ROOT, "%.2f (%d to %d)", lengths.getAverage(), lengths.getMin(), lengths.getMax());
  }
}

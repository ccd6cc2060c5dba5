package org.rolescope.cli.output;

import com.github.freva.asciitable.AsciiTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.rolescope.orchestrator.plan.PromptSet;
import org.rolescope.orchestrator.plan.PromptSetJson;
import org.rolescope.orchestrator.plan.PromptSets;

/** The built-in prompt sets as a table. */
public final class PromptSetTable {
  private final PrintWriter out;

  /** Prints to this writer. */
  public PromptSetTable(PrintWriter out) {
    this.out = out;
  }

  /** Prints the built-in sets of these names. */
  public void print(List<String> names) {
    out.println(
        AsciiTable.builder()
            .border(Tables.BORDER)
            .data(
                names,
                List.of(
                    Tables.left("Set").with(name -> name),
                    Tables.left("Categories").with(name -> categories(PromptSets.bundled(name))),
                    Tables.left("Digest")
                        .with(
                            name ->
                                PromptSetJson.digest(PromptSets.bundled(name)).substring(0, 12))))
            .asString());
    out.flush();
  }

  private static String categories(PromptSet set) {
    return set.categories().stream()
        .map(category -> "%s (%d)".formatted(category.name(), category.prompts().size()))
        .collect(Collectors.joining(", "));
  }
}

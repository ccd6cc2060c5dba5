package org.rolescope.cli.output;

import com.github.freva.asciitable.AsciiTable;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import org.rolescope.cli.family.Family;
import org.rolescope.cli.family.ModelSource;

/** The families as a table. */
public final class FamilyTable {
  private final PrintWriter out;

  /** Prints to this writer. */
  public FamilyTable(PrintWriter out) {
    this.out = out;
  }

  /** Prints the families and how to run one. */
  public void print(Collection<Family> families) {
    out.println(
        AsciiTable.builder()
            .border(Tables.BORDER)
            .data(
                families,
                List.of(
                    Tables.left("Family").with(Family::name),
                    Tables.left("Base").with(family -> family.base().text()),
                    Tables.left("Instruct")
                        .with(family -> family.instruct().map(ModelSource::text).orElse("-")),
                    Tables.left("From").with(Family::origin)))
            .asString());
    out.println("Measure one with: rolescope run --family NAME (--dry-run tells what it needs)");
    out.flush();
  }
}

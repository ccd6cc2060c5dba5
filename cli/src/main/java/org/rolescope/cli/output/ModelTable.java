package org.rolescope.cli.output;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.rolescope.v1.Model;

/** The models as a table. */
public final class ModelTable {
  private final PrintWriter out;

  /** Prints to this writer. */
  public ModelTable(PrintWriter out) {
    this.out = out;
  }

  /** Prints the models, or says how to get one. */
  public void print(List<Model> models) {
    if (models.isEmpty()) {
      out.println("There are no models yet; make one with: rolescope export CHECKPOINT_FOLDER");
      return;
    }
    List<ColumnData<Model>> columns = new ArrayList<>();
    columns.add(new Column().header("Model").dataAlign(HorizontalAlign.LEFT).with(Model::getName));
    columns.add(new Column().header("Architecture").with(Model::getArchitecture));
    columns.add(new Column().header("Layers").with(model -> "" + model.getLayerCount()));
    columns.add(new Column().header("Heads").with(model -> "" + model.getHeadCount()));
    columns.add(
        new Column().header("Parameters").with(model -> Tables.grouped(model.getParameterCount())));
    if (models.stream().anyMatch(model -> model.getQuantisationCount() > 0)) {
      columns.add(new Column().header("Quantised").with(Quantisation::types));
    }
    columns.add(new Column().header("Parity").with(model -> ParityNotice.word(model.getParity())));
    columns.add(new Column().header("Digest").with(model -> model.getDigest().substring(0, 12)));
    out.println(AsciiTable.builder().border(Tables.BORDER).data(models, columns).asString());
  }
}

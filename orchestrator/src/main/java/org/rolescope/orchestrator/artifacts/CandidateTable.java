package org.rolescope.orchestrator.artifacts;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.rolescope.v1.Candidate;
import org.rolescope.v1.RankCandidatesResponse;

/**
 * {@code patching_candidates_*.csv}: a row a head, best first. The first columns are those of the
 * published study's tables; behind them come ours.
 */
public final class CandidateTable {
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

  private CandidateTable() {}

  /**
   * Writes the table and closes the stream. Numbers have their shortest form that reads back to the
   * same value; NaN is an empty cell, as pandas writes it.
   */
  public static void write(OutputStream out, RankCandidatesResponse ranking) throws IOException {
    List<Column> columns = columns(ranking.getOptions().getModelFamily());
    try (CSVPrinter csv =
        new CSVPrinter(new OutputStreamWriter(out, StandardCharsets.UTF_8), FORMAT)) {
      csv.printRecord(columns.stream().map(Column::name));
      for (Candidate candidate : ranking.getCandidatesList()) {
        csv.printRecord(columns.stream().map(column -> column.cell(candidate)));
      }
    }
  }

  private static List<Column> columns(String family) {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.of("layer"));
    columns.add(Column.of("head"));
    columns.add(new Column("model_family", candidate -> family));
    for (String published :
        List.of(
            "self_base_median",
            "self_instruct_median",
            "neutral_base_median",
            "neutral_instruct_median",
            "self_diff_median",
            "neutral_diff_median",
            "did_median",
            "log_ratio_median",
            "did_log_ratio_median",
            "self_consistency",
            "did_consistency",
            "self_diff_iqr",
            "did_iqr",
            "log_ratio_iqr",
            "baseline_entropy",
            "n_self",
            "n_neutral",
            "magnitude_score",
            "consistency_score",
            "baseline_score",
            "composite_score",
            "rank")) {
      columns.add(Column.of(published));
    }
    columns.add(
        new Column("layer_head", candidate -> candidate.getLayer() + "_" + candidate.getHead()));
    columns.add(Column.of("wilcoxon_p_value"));
    columns.add(Column.of("q_value"));
    return columns;
  }

  /**
   * A column.
   *
   * @param name heading
   * @param value the value of a head
   */
  private record Column(String name, Function<Candidate, Object> value) {
    /** The field of that name; the contract's names are those of the published tables. */
    private static Column of(String name) {
      FieldDescriptor field = Candidate.getDescriptor().findFieldByName(name);
      return new Column(name, candidate -> candidate.getField(field));
    }

    private String cell(Candidate candidate) {
      Object cell = value.apply(candidate);
      return cell.equals(Double.NaN) ? "" : cell.toString();
    }
  }
}

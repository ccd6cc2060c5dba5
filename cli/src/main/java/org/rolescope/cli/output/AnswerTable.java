package org.rolescope.cli.output;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.ColumnData;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.rolescope.cli.generation.GeneratedAnswer;

/** Prompts and what models answered, side by side. */
public final class AnswerTable {
  private static final int PROMPT_WIDTH = 34;
  private static final int ANSWER_WIDTH = 48;

  private final PrintWriter out;

  /** Prints to this writer. */
  public AnswerTable(PrintWriter out) {
    this.out = out;
  }

  /**
   * Prints a row a prompt and a column a model.
   *
   * @param byModel answers of each model, all to the same prompts in the same order
   */
  public void print(Map<String, List<GeneratedAnswer>> byModel) {
    List<GeneratedAnswer> rows = byModel.values().iterator().next();
    List<ColumnData<Integer>> columns = new ArrayList<>();
    columns.add(Tables.left("Category").with(row -> rows.get(row).category()));
    columns.add(Tables.left("Prompt").maxWidth(PROMPT_WIDTH).with(row -> rows.get(row).prompt()));
    byModel.forEach(
        (model, answers) ->
            columns.add(
                Tables.left(model).maxWidth(ANSWER_WIDTH).with(row -> said(answers.get(row)))));
    out.println(
        AsciiTable.builder()
            .border(Tables.BORDER)
            .data(IntStream.range(0, rows.size()).boxed().toList(), columns)
            .asString());
    out.flush();
  }

  /** An answer in one line. */
  private static String said(GeneratedAnswer answer) {
    return answer.answer().ended().getText().replaceAll("\\s+", " ").strip();
  }
}

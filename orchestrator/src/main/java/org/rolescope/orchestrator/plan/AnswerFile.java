package org.rolescope.orchestrator.plan;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;
import org.rolescope.v1.AnswerTexts;

/**
 * Two answers to each prompt, from a CSV file with the columns {@code prompt}, {@code first} and
 * {@code second}. Spaces count.
 *
 * @param path where it is, for sentences
 * @param byPrompt the answers by prompt
 */
public record AnswerFile(Path path, Map<String, AnswerTexts> byPrompt) {
  private static final List<String> COLUMNS = List.of("prompt", "first", "second");

  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setAllowMissingColumnNames(true)
          .setDuplicateHeaderMode(DuplicateHeaderMode.ALLOW_ALL)
          .get();

  /** Copies the answers. */
  public AnswerFile {
    requireNonNull(path, "path is null");
    byPrompt = Map.copyOf(byPrompt);
  }

  /**
   * Reads a file.
   *
   * @throws org.rolescope.fault.RolescopeException NOT_FOUND where there is none, INVALID_ARGUMENT
   *     where it is no such file, or names a prompt twice
   */
  public static AnswerFile read(Path path) {
    UserFile file = new UserFile(path, "Answer file", "CSV", "check the path");
    Map<String, AnswerTexts> answers = new HashMap<>();
    try (CSVParser rows = CSVParser.parse(new StringReader(file.text()), FORMAT)) {
      Invalid.unless(
          rows.getHeaderNames().equals(COLUMNS),
          "Answer file %s has the columns %s; it needs prompt,first,second",
          path,
          rows.getHeaderNames());
      rows.forEach(row -> add(row, path, answers));
    } catch (UncheckedIOException damaged) {
      throw file.unusable(damaged.getCause());
    } catch (IOException unreadable) {
      throw file.unusable(unreadable);
    }
    return new AnswerFile(path, answers);
  }

  /**
   * The answers to prompts, in their order.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where one has none
   */
  public List<AnswerTexts> of(List<String> prompts) {
    for (String prompt : prompts) {
      Invalid.unless(
          byPrompt.containsKey(prompt),
          "Answer file %s has no row for prompt `%s`; add one",
          path,
          prompt);
    }
    return prompts.stream().map(byPrompt::get).toList();
  }

  private static void add(CSVRecord row, Path path, Map<String, AnswerTexts> answers) {
    Invalid.unless(
        row.isConsistent(),
        "Row %d of answer file %s has %d cells, not 3; put a text that holds a comma in quotes",
        row.getRecordNumber(),
        path,
        row.size());
    AnswerTexts texts = AnswerTexts.newBuilder().setFirst(row.get(1)).setSecond(row.get(2)).build();
    Invalid.unless(
        answers.put(row.get(0), texts) == null,
        "Answer file %s has prompt `%s` twice; keep one row of it",
        path,
        row.get(0));
  }
}

package org.rolescope.orchestrator.plan;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;
import org.rolescope.orchestrator.json.Json;

/**
 * A file with pairs of prompts: a JSON list of objects, or CSV with a heading. Each pair has {@code
 * clean} and {@code corrupt}, and may have {@code answer} and {@code wrong_answer}; what else there
 * is is left aside.
 *
 * @param path where it is
 */
record PairFile(Path path) {
  private static final String CLEAN = "clean";
  private static final String CORRUPT = "corrupt";
  private static final String ANSWER = "answer";
  private static final String WRONG_ANSWER = "wrong_answer";
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
          .get();

  PairFile {
    requireNonNull(path, "path is null");
  }

  List<PairTexts> read() {
    boolean isCsv = path.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
    UserFile file =
        new UserFile(
            path, "Pair file", isCsv ? "CSV" : "JSON", "check the path, or use --pairs confounder");
    try {
      List<PairTexts> pairs =
          isCsv
              ? ofCsv(file.text(), file.words())
              : ofJson(Json.read(file.text().getBytes(StandardCharsets.UTF_8)), file.words());
      Invalid.unless(!pairs.isEmpty(), "There are no pairs in %s; write some", file.words());
      return pairs;
    } catch (IOException failed) {
      throw file.unusable(failed);
    }
  }

  private static List<PairTexts> ofJson(JsonNode root, String source) {
    Invalid.unless(
        root.isArray(),
        "There is no list in %s; write a list of objects with `clean` and `corrupt`",
        source);
    List<PairTexts> pairs = new ArrayList<>();
    for (JsonNode pair : root) {
      pairs.add(pair(name -> text(pair.path(name)), pairs.size() + 1, source));
    }
    return pairs;
  }

  private static List<PairTexts> ofCsv(String text, String source) {
    try (CSVParser parser = CSVParser.parse(new StringReader(text), FORMAT)) {
      List<PairTexts> pairs = new ArrayList<>();
      for (CSVRecord row : parser) {
        Invalid.unless(
            row.isConsistent(),
            "Row %d of %s has %d cells where there are %d columns; put a text that holds a comma in quotes",
            row.getRecordNumber(),
            source,
            row.size(),
            parser.getHeaderNames().size());
        pairs.add(pair(name -> row.isMapped(name) ? row.get(name) : "", pairs.size() + 1, source));
      }
      return pairs;
    } catch (IOException | UncheckedIOException | IllegalArgumentException damaged) {
      throw Invalid.because(
          "There is no valid CSV in %s (%s); correct it there", source, damaged.getMessage());
    }
  }

  private static PairTexts pair(UnaryOperator<String> texts, int number, String source) {
    PairTexts pair =
        new PairTexts(
            texts.apply(CLEAN),
            texts.apply(CORRUPT),
            texts.apply(ANSWER),
            texts.apply(WRONG_ANSWER));
    Invalid.unless(
        !pair.clean().isBlank() && !pair.corrupt().isBlank(),
        "Pair %d in %s has no texts `clean` and `corrupt`; write both",
        number,
        source);
    Invalid.unless(
        pair.answer().isEmpty() == pair.wrongAnswer().isEmpty(),
        "Pair %d in %s has one answer; give both `answer` and `wrong_answer`, or none",
        number,
        source);
    return pair;
  }

  /** What is no text counts as missing, so that it is not taken for one. */
  private static String text(JsonNode value) {
    return value.isTextual() ? value.textValue() : "";
  }
}

package org.rolescope.orchestrator.plan;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;
import org.rolescope.fault.RolescopeException;

/**
 * A prompt set as CSV (RFC 4180): a heading with {@code category} and {@code prompt}, then a line a
 * prompt. A column {@code index} gives the position of a prompt in its category, counting from 0 or
 * from 1 without gaps; without it the order of the lines does. Other columns are left aside.
 */
final class PromptSetCsv {
  private static final String CATEGORY = "category";
  private static final String PROMPT = "prompt";
  private static final String INDEX = "index";
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setAllowMissingColumnNames(true)
          .setDuplicateHeaderMode(DuplicateHeaderMode.ALLOW_ALL)
          .get();

  private final String source;
  private final boolean indexed;
  private final Map<String, SortedMap<Integer, String>> categories = new LinkedHashMap<>();

  private PromptSetCsv(String source, boolean indexed) {
    this.source = source;
    this.indexed = indexed;
  }

  /**
   * Reads a set.
   *
   * @param name name of the set
   * @param source where it comes from, for the sentence
   */
  static PromptSet read(String text, String name, String source) {
    try (CSVParser parser = CSVParser.parse(new StringReader(text), FORMAT)) {
      List<String> heading = parser.getHeaderNames();
      Invalid.unless(
          count(heading, CATEGORY) == 1
              && count(heading, PROMPT) == 1
              && count(heading, INDEX) <= 1,
          "%s has the columns %s; it needs one category and one prompt, with commas between",
          capitalised(source),
          heading);
      PromptSetCsv set = new PromptSetCsv(source, heading.contains(INDEX));
      parser.forEach(set::add);
      return new PromptSet(name, set.parsed());
    } catch (UncheckedIOException damaged) {
      throw damaged(source, damaged.getCause());
    } catch (IOException damaged) {
      throw damaged(source, damaged);
    }
  }

  private void add(CSVRecord row) {
    Invalid.unless(
        row.isConsistent(),
        "Row %d of %s has %d cells where there are %d columns; put a text that holds a comma in quotes",
        row.getRecordNumber(),
        source,
        row.size(),
        row.getParser().getHeaderNames().size());
    SortedMap<Integer, String> prompts =
        categories.computeIfAbsent(row.get(CATEGORY), category -> new TreeMap<>());
    int index = indexed ? index(row) : prompts.size();
    Invalid.unless(
        prompts.put(index, row.get(PROMPT)) == null,
        "Row %d of %s repeats index %d of category %s; number the prompts of a category apart",
        row.getRecordNumber(),
        source,
        index,
        row.get(CATEGORY));
  }

  private int index(CSVRecord row) {
    String index = row.get(INDEX).strip();
    try {
      return Integer.parseUnsignedInt(index);
    } catch (NumberFormatException noNumber) {
      throw Invalid.because(
          "Row %d of %s has index `%s`; give a whole number", row.getRecordNumber(), source, index);
    }
  }

  private List<PromptCategory> parsed() {
    List<PromptCategory> parsed = new ArrayList<>();
    for (Map.Entry<String, SortedMap<Integer, String>> category : categories.entrySet()) {
      if (indexed) {
        checkGaps(category.getKey(), category.getValue());
      }
      parsed.add(new PromptCategory(category.getKey(), List.copyOf(category.getValue().values())));
    }
    return parsed;
  }

  /** Prompts of equal position are paired, so a gap would pair the wrong ones behind it. */
  private void checkGaps(String category, SortedMap<Integer, String> prompts) {
    int first = categories.values().iterator().next().firstKey();
    Invalid.unless(
        first <= 1
            && prompts.firstKey() == first
            && prompts.lastKey() - first == prompts.size() - 1,
        "The indices of category %s in %s run from %d to %d over %d prompts; count from 0 or 1 without gaps, in every category alike",
        category,
        source,
        prompts.firstKey(),
        prompts.lastKey(),
        prompts.size());
  }

  private static long count(List<String> heading, String name) {
    return heading.stream().filter(name::equals).count();
  }

  private static RolescopeException damaged(String source, IOException damaged) {
    return Invalid.because(
        "%s is no valid CSV (%s); correct it there", capitalised(source), damaged.getMessage());
  }

  private static String capitalised(String source) {
    return source.substring(0, 1).toUpperCase(Locale.ROOT) + source.substring(1);
  }
}

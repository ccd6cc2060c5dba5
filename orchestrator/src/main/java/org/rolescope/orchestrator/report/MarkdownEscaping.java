package org.rolescope.orchestrator.report;

import io.pebbletemplates.pebble.extension.escaper.EscapingStrategy;
import java.util.regex.Pattern;

/**
 * Makes any text stand for itself in Markdown (CommonMark with tables), on one line: in a sentence,
 * as a paragraph of its own, or in a cell.
 */
final class MarkdownEscaping implements EscapingStrategy {
  private static final Pattern LINES_AND_CONTROLS = Pattern.compile("[\\s\\p{Cntrl}\u2028\u2029]+");
  // An underscore inside a word, as names of categories have it, marks nothing.
  private static final Pattern MARKUP =
      Pattern.compile("[\\\\`*\\[\\]<>|&~]|(?<![\\p{L}\\p{N}])_|_(?![\\p{L}\\p{N}])");
  private static final Pattern BLOCK_START =
      Pattern.compile("^( ?\\d{0,9})([-+=#.)])(?=[-+=#\\s]|$)");

  @Override
  public String escape(String text) {
    String line = LINES_AND_CONTROLS.matcher(text).replaceAll(" ");
    String marked = MARKUP.matcher(line).replaceAll("\\\\$0");
    return BLOCK_START.matcher(marked).replaceAll("$1\\\\$2");
  }
}

package org.rolescope.inference.generate;

import java.util.ArrayList;
import java.util.List;

/**
 * The text of an answer as its tokens come: complete characters only, and nothing that may yet turn
 * out to be the beginning of a stop text.
 */
final class AnswerText {
  /** What a decoder gives for a character of which bytes are missing. */
  private static final String INCOMPLETE = "\uFFFD";

  private final TokenDecoder decoder;
  private final List<String> stop;
  private final List<Long> ids = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  /**
   * Tokens up to {@code windowEnd} are in the text. Those from {@code windowStart} on are decoded
   * once more with the next: what a decoder does at the start of a text, where some drop a space,
   * it then does to both, and their difference is what the new tokens add.
   */
  private int windowStart;

  private int windowEnd;

  /** Characters handed out. */
  private int certain;

  private boolean stopped;

  AnswerText(TokenDecoder decoder, List<String> stop) {
    this.decoder = decoder;
    this.stop = stop;
  }

  /**
   * Adds a token.
   *
   * @return the text that is certain now and was not before
   */
  String add(long id) {
    ids.add(id);
    return stopped ? "" : advance(false);
  }

  /**
   * Ends the answer.
   *
   * @return the text that had to wait
   */
  String end() {
    return stopped ? "" : advance(true);
  }

  /** Whether a stop text came. */
  boolean isStopped() {
    return stopped;
  }

  /** All text handed out. */
  String all() {
    return text.substring(0, certain);
  }

  private String advance(boolean atEnd) {
    String before = decoder.decode(ids.subList(windowStart, windowEnd));
    String after = decoder.decode(ids.subList(windowStart, ids.size()));
    if (after.length() > before.length() && (atEnd || !after.endsWith(INCOMPLETE))) {
      text.append(after, before.length(), after.length());
      windowStart = windowEnd;
      windowEnd = ids.size();
    }
    int from = certain;
    certain = atEnd ? text.length() : text.length() - waiting();
    int found = firstStop(from);
    if (found >= 0) {
      stopped = true;
      certain = found;
    }
    return text.substring(from, certain);
  }

  /** Where the first stop text begins; none begins before what was handed out. */
  private int firstStop(int from) {
    return stop.stream()
        .mapToInt(wanted -> text.indexOf(wanted, from))
        .filter(found -> found >= 0)
        .min()
        .orElse(-1);
  }

  /** Length of the longest end of the text that is the beginning of a stop text. */
  private int waiting() {
    int longest = 0;
    for (String wanted : stop) {
      int length = Math.min(wanted.length() - 1, text.length() - certain);
      while (length > longest && !endsWith(wanted, length)) {
        length--;
      }
      longest = Math.max(longest, length);
    }
    return longest;
  }

  private boolean endsWith(String wanted, int length) {
    return text.substring(text.length() - length).equals(wanted.substring(0, length));
  }
}

package org.rolescope.export.file;

/** Words from a hostile file inside a message for a user. */
public final class Wording {
  private static final int MAX_LENGTH = 300;

  private Wording() {}

  /** The text on one line: control characters and line breaks become ?, a long text is cut. */
  public static String oneLine(String text) {
    boolean cut = text.length() > MAX_LENGTH;
    String start = cut ? text.substring(0, MAX_LENGTH) : text;
    return start.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]", "?") + (cut ? "…" : "");
  }
}

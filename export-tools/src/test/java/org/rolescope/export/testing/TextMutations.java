package org.rolescope.export.testing;

import java.util.random.RandomGenerator;

/** Random damage to a JSON text. */
public final class TextMutations {
  private static final String[] SPLICES = {
    "-1",
    "0",
    "18446744073709551615",
    "9223372036854775807",
    "2147483648",
    "1e999",
    "0.5",
    "null",
    "true",
    "{}",
    "[]",
    "\"",
    "\\u0000",
    "{\"a\":",
    "]",
    "}",
    ",",
    ":",
    "../",
    "/",
    "\\",
    "\"x\"",
    "[[[[",
    "99999999999999999999"
  };

  private final RandomGenerator random;

  /** Damage drawn from this generator. */
  public TextMutations(RandomGenerator random) {
    this.random = random;
  }

  /** The text with one to four random changes. */
  public String mutate(String text) {
    StringBuilder mutant = new StringBuilder(text);
    for (int count = random.nextInt(1, 5); count > 0; count--) {
      change(mutant);
    }
    return mutant.toString();
  }

  private void change(StringBuilder text) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + random.nextInt(12));
    switch (random.nextInt(4)) {
      case 0 -> text.delete(at, end);
      case 1 -> text.insert(at, SPLICES[random.nextInt(SPLICES.length)]);
      case 2 -> text.replace(at, end, SPLICES[random.nextInt(SPLICES.length)]);
      default -> replaceNumber(text, at);
    }
  }

  /** Replaces a whole value, so that the text stays JSON and only its meaning is absurd. */
  private void replaceNumber(StringBuilder text, int from) {
    int begin = text.indexOf(": ", from);
    if (begin < 0) {
      return;
    }
    int end = begin + 2;
    while (end < text.length() && ",}\n".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    text.replace(begin + 2, end, SPLICES[random.nextInt(SPLICES.length)]);
  }
}

package org.rolescope.metrics.entropy;

import java.util.Arrays;

/**
 * Mean attention to the first and last keys of each prompt, over query positions from {@link
 * Visibility#firstAttentiveQuery} on. METRICS §6, "token attention". Immutable.
 */
public final class KeyAttention {
  /** How many keys at either end. */
  public static final int KEYS = 3;

  private final int headCount;
  private final int promptCount;
  private final double[] first;
  private final double[] last;

  /**
   * Creates a table.
   *
   * @param headCount number of heads
   * @param promptCount number of prompts
   * @param first attention to keys 0, 1 and 2, [head, prompt, 3] row-major; NaN where a prompt has
   *     no such key or no such query; copied
   * @param last attention to the last three keys in order of position, likewise
   * @throws IllegalArgumentException where a size differs
   */
  public KeyAttention(int headCount, int promptCount, double[] first, double[] last) {
    this.headCount = headCount;
    this.promptCount = promptCount;
    this.first = first.clone();
    this.last = last.clone();
    long expected = (long) headCount * promptCount * KEYS;
    if (first.length != expected || last.length != expected) {
      throw new IllegalArgumentException(
          "attention to keys needs %d values at either end, not %d and %d"
              .formatted(expected, first.length, last.length));
    }
  }

  /** Number of heads. */
  public int headCount() {
    return headCount;
  }

  /** Number of prompts. */
  public int promptCount() {
    return promptCount;
  }

  /** Mean attention of one head on one prompt to key 0, 1 or 2; NaN where there is none. */
  public double first(int head, int prompt, int key) {
    return first[(head * promptCount + prompt) * KEYS + key];
  }

  /** Likewise to the last keys: 2 is the last, 1 the one before. */
  public double last(int head, int prompt, int key) {
    return last[(head * promptCount + prompt) * KEYS + key];
  }

  /** A copy of all values for the first keys, [head, prompt, 3] row-major. */
  public double[] firstToArray() {
    return first.clone();
  }

  /** A copy of all values for the last keys, [head, prompt, 3] row-major. */
  public double[] lastToArray() {
    return last.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyAttention attention
        && headCount == attention.headCount
        && promptCount == attention.promptCount
        && Arrays.equals(first, attention.first)
        && Arrays.equals(last, attention.last);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(first) + Arrays.hashCode(last);
  }

  @Override
  public String toString() {
    return "KeyAttention[heads %d, prompts %d]".formatted(headCount, promptCount);
  }
}

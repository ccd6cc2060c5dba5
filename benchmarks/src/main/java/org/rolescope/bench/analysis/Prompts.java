package org.rolescope.bench.analysis;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Random prompts over the tokens of a synthetic checkpoint; the same at every call. */
public final class Prompts {
  private static final long SEED = 11;

  /** Tokens every synthetic tokenizer has. */
  private static final int TOKENS = 256;

  private Prompts() {}

  /**
   * Prompts of equal length.
   *
   * @param count number of prompts
   * @param length tokens of each
   */
  public static List<String> random(int count, int length) {
    Random random = new Random(SEED);
    return Stream.generate(() -> words(random, length)).limit(count).toList();
  }

  private static String words(Random random, int length) {
    return IntStream.range(0, length)
        .mapToObj(_ -> "t" + random.nextInt(TOKENS))
        .collect(Collectors.joining(" "));
  }
}

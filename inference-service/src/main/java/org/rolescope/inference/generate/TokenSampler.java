package org.rolescope.inference.generate;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Picks the next token. Equal settings pick equal tokens for equal logits: the draws are those of
 * {@link Random}, whose algorithm is part of its contract, and probabilities come from {@link
 * StrictMath}.
 */
final class TokenSampler {
  private final double temperature;
  private final double topP;
  private final Random random;

  TokenSampler(GenerationSettings settings) {
    this.temperature = settings.temperature();
    this.topP = settings.topP();
    this.random = new Random(settings.seed());
  }

  /**
   * The next token.
   *
   * @param logits [vocab], finite
   */
  int pick(float[] logits) {
    return temperature == 0 ? likeliest(logits) : draw(logits);
  }

  /** The token of the largest logit, the first of equals. */
  static int likeliest(float[] logits) {
    int best = 0;
    for (int id = 1; id < logits.length; id++) {
      if (logits[id] > logits[best]) {
        best = id;
      }
    }
    return best;
  }

  /**
   * Natural logarithm of the probability of a token at temperature 1: its logit less the logarithm
   * of the sum of their exponentials.
   *
   * @param logits [vocab], finite
   */
  static double logProbability(float[] logits, int id) {
    double largest = logits[likeliest(logits)];
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    return logits[id] - largest - Math.log(sum);
  }

  /** Draws by softmax of logits over temperature, among the tokens top_p leaves. */
  private int draw(float[] logits) {
    int[] ids = topP == 0 ? IntStream.range(0, logits.length).toArray() : descending(logits);
    double largest = logits[likeliest(logits)];
    double[] cumulated = new double[ids.length];
    double sum = 0;
    for (int place = 0; place < ids.length; place++) {
      sum += StrictMath.exp((logits[ids[place]] - largest) / temperature);
      cumulated[place] = sum;
    }
    int kept = topP == 0 ? ids.length : 1 + firstAtLeast(cumulated, topP * sum);
    double drawn = random.nextDouble() * cumulated[kept - 1];
    int place = 0;
    while (cumulated[place] <= drawn) {
      place++;
    }
    return ids[place];
  }

  private static int firstAtLeast(double[] cumulated, double wanted) {
    int place = 0;
    while (place < cumulated.length - 1 && cumulated[place] < wanted) {
      place++;
    }
    return place;
  }

  /** All tokens, the likeliest first, in order of id within equals. */
  private static int[] descending(float[] logits) {
    long[] keys = new long[logits.length];
    for (int id = 0; id < logits.length; id++) {
      // Bits of a float order like it, once those of negative ones are turned round.
      int bits = Float.floatToIntBits(logits[id] + 0f);
      int ascending = bits ^ (bits >> 31 & Integer.MAX_VALUE);
      keys[id] = (long) ~ascending << Integer.SIZE | id;
    }
    Arrays.sort(keys);
    return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
  }
}

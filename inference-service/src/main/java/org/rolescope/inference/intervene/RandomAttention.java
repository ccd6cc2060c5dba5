package org.rolescope.inference.intervene;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Random;

/**
 * Random attention scores, N(0,1). They follow from the seed, the layer, the head and the token ids
 * of the prompt: SHA-256 over these makes the seed of {@link Random}, whose numbers are the same on
 * every machine.
 */
final class RandomAttention {
  private static final byte[] DOMAIN =
      "rolescope random attention".getBytes(StandardCharsets.UTF_8);

  private RandomAttention() {}

  /**
   * Scores of a head.
   *
   * @param tokenIds token ids of the prompt
   * @return row-major [query_pos, key_pos]
   */
  static float[] scores(long seed, int layer, int head, List<Long> tokenIds) {
    ByteBuffer key =
        ByteBuffer.allocate(DOMAIN.length + 2 * Integer.BYTES + (1 + tokenIds.size()) * Long.BYTES)
            .put(DOMAIN)
            .putLong(seed)
            .putInt(layer)
            .putInt(head);
    tokenIds.forEach(key::putLong);
    Random random = new Random(ByteBuffer.wrap(sha256(key.array())).getLong());
    float[] scores = new float[Math.multiplyExact(tokenIds.size(), tokenIds.size())];
    for (int index = 0; index < scores.length; index++) {
      scores[index] = (float) random.nextGaussian();
    }
    return scores;
  }

  /**
   * Softmax of each row, over all its keys, computed in double precision.
   *
   * @param scores row-major [query_pos, key_pos], finite
   * @param length keys of a row
   */
  static float[] softmax(float[] scores, int length) {
    float[] pattern = new float[scores.length];
    for (int row = 0; row < scores.length; row += length) {
      double sum = 0;
      for (int key = row; key < row + length; key++) {
        sum += StrictMath.exp(scores[key]);
      }
      for (int key = row; key < row + length; key++) {
        pattern[key] = (float) (StrictMath.exp(scores[key]) / sum);
      }
    }
    return pattern;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every Java has SHA-256", missing);
    }
  }
}

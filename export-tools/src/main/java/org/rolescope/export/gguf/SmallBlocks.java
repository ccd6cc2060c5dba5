package org.rolescope.export.gguf;

/**
 * Blocks of 32 numbers: number = scale · q, with a minimum added in {@code Q4_1}. Every operation
 * is one float32 operation, in the order of ggml, so that the results are its results bit for bit.
 */
final class SmallBlocks {
  private static final int LENGTH = 32;

  private SmallBlocks() {}

  /** Scale (16 bit), 16 bytes: low halves are the first 16 numbers, high halves the others. */
  static void q4Zero(byte[] blocks, int at, float[] numbers, int to) {
    float scale = half(blocks, at);
    for (int i = 0; i < LENGTH / 2; i++) {
      int pair = blocks[at + 2 + i];
      numbers[to + i] = scale * ((pair & 0xf) - 8);
      numbers[to + LENGTH / 2 + i] = scale * ((pair >> 4 & 0xf) - 8);
    }
  }

  /** Scale and minimum (16 bit each), 16 bytes as in {@code Q4_0}. */
  static void q4One(byte[] blocks, int at, float[] numbers, int to) {
    float scale = half(blocks, at);
    float minimum = half(blocks, at + 2);
    for (int i = 0; i < LENGTH / 2; i++) {
      int pair = blocks[at + 4 + i];
      numbers[to + i] = scale * (pair & 0xf) + minimum;
      numbers[to + LENGTH / 2 + i] = scale * (pair >> 4 & 0xf) + minimum;
    }
  }

  /** Scale (16 bit), 32 signed bytes. */
  static void q8Zero(byte[] blocks, int at, float[] numbers, int to) {
    float scale = half(blocks, at);
    for (int i = 0; i < LENGTH; i++) {
      numbers[to + i] = scale * blocks[at + 2 + i];
    }
  }

  /** A binary16, little-endian. */
  static float half(byte[] bytes, int at) {
    return Float.float16ToFloat((short) (bytes[at] & 0xff | bytes[at + 1] << 8));
  }
}

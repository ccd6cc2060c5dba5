package org.rolescope.export.gguf;

/**
 * Blocks of 256 numbers cut into parts with scales of their own, which are themselves quantised.
 * Every operation is one float32 operation, in the order of ggml, so that the results are its
 * results bit for bit.
 */
final class SuperBlocks {
  private static final int PARTS = 8;
  private static final int PART_LENGTH = 32;

  private SuperBlocks() {}

  /**
   * Scale of scales and scale of minima (16 bit each), 12 bytes of scales and minima, 128 bytes:
   * each 32 hold one part in their low halves and the next in their high ones.
   */
  static void q4(byte[] blocks, int at, float[] numbers, int to) {
    for (int part = 0; part < PARTS; part++) {
      float scale = scale(blocks, at, part);
      float minimum = minimum(blocks, at, part);
      for (int i = 0; i < PART_LENGTH; i++) {
        int q = nibble(blocks, at + 16, part, i);
        numbers[to + part * PART_LENGTH + i] = scale * q - minimum;
      }
    }
  }

  /** As {@code Q4_K}, with 32 bytes before the last 128 whose bit p is the fifth bit of part p. */
  static void q5(byte[] blocks, int at, float[] numbers, int to) {
    for (int part = 0; part < PARTS; part++) {
      float scale = scale(blocks, at, part);
      float minimum = minimum(blocks, at, part);
      for (int i = 0; i < PART_LENGTH; i++) {
        int high = blocks[at + 16 + i] >> part & 1;
        int q = nibble(blocks, at + 48, part, i) | high << 4;
        numbers[to + part * PART_LENGTH + i] = scale * q - minimum;
      }
    }
  }

  /**
   * 128 bytes of low halves, 64 bytes of upper bit pairs, 16 signed scales, a scale of scales (16
   * bit). Either half of the block takes 64 low bytes, 32 upper ones and 8 scales, and is cut into
   * quarters of 32 numbers: the first two in the low nibbles, the others in the high ones.
   */
  static void q6(byte[] blocks, int at, float[] numbers, int to) {
    float scales = SmallBlocks.half(blocks, at + 208);
    for (int i = 0; i < PARTS * PART_LENGTH; i++) {
      int half = i >> 7;
      int quarter = i >> 5 & 3;
      int low = blocks[at + half * 64 + (quarter & 1) * 32 + (i & 31)] >> (quarter >> 1) * 4 & 0xf;
      int high = blocks[at + 128 + half * 32 + (i & 31)] >> quarter * 2 & 3;
      numbers[to + i] = scales * blocks[at + 192 + (i >> 4)] * ((low | high << 4) - 32);
    }
  }

  private static int nibble(byte[] blocks, int at, int part, int i) {
    return blocks[at + (part >> 1) * PART_LENGTH + i] >> (part & 1) * 4 & 0xf;
  }

  private static float scale(byte[] blocks, int at, int part) {
    int low =
        part < 4
            ? blocks[at + 4 + part] & 0x3f
            : blocks[at + 8 + part] & 0xf | blocks[at + part] >> 2 & 0x30;
    return SmallBlocks.half(blocks, at) * low;
  }

  private static float minimum(byte[] blocks, int at, int part) {
    int low =
        part < 4
            ? blocks[at + 8 + part] & 0x3f
            : blocks[at + 8 + part] >> 4 & 0xf | blocks[at + 4 + part] >> 2 & 0x30;
    return SmallBlocks.half(blocks, at + 2) * low;
  }
}

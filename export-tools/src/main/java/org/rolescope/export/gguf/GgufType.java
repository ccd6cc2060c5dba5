package org.rolescope.export.gguf;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.rolescope.export.safetensors.StoredType;

/**
 * The element types that are read. Quantised ones store blocks of numbers that share a scale; they
 * become float32, the others stay as they are.
 */
enum GgufType {
  /** IEEE 754 binary32. */
  F32(0, 1, 4, StoredType.F32, null),
  /** IEEE 754 binary16. */
  F16(1, 1, 2, StoredType.F16, null),
  /** 4 bits, one scale for 32 numbers. */
  Q4_0(2, 32, 18, StoredType.F32, SmallBlocks::q4Zero),
  /** 4 bits, a scale and a minimum for 32 numbers. */
  Q4_1(3, 32, 20, StoredType.F32, SmallBlocks::q4One),
  /** 8 bits, one scale for 32 numbers. */
  Q8_0(8, 32, 34, StoredType.F32, SmallBlocks::q8Zero),
  /** 4 bits, scales and minima of 6 bits for 8 × 32 numbers. */
  Q4_K(12, 256, 144, StoredType.F32, SuperBlocks::q4),
  /** 5 bits, scales and minima of 6 bits for 8 × 32 numbers. */
  Q5_K(13, 256, 176, StoredType.F32, SuperBlocks::q5),
  /** 6 bits, scales of 8 bits for 16 × 16 numbers. */
  Q6_K(14, 256, 210, StoredType.F32, SuperBlocks::q6),
  /** Upper half of a binary32. */
  BF16(30, 1, 2, StoredType.BF16, null);

  /** Turns one block into numbers. */
  @FunctionalInterface
  interface BlockDecoder {
    /**
     * Decodes a block.
     *
     * @param blocks bytes that hold it, little-endian
     * @param at position of its first byte
     * @param numbers where its numbers go
     * @param to position of the first
     */
    void decode(byte[] blocks, int at, float[] numbers, int to);
  }

  private final int id;
  private final int blockLength;
  private final int blockBytes;
  private final StoredType stored;
  private final BlockDecoder decoder;

  GgufType(int id, int blockLength, int blockBytes, StoredType stored, BlockDecoder decoder) {
    this.id = id;
    this.blockLength = blockLength;
    this.blockBytes = blockBytes;
    this.stored = stored;
    this.decoder = decoder;
  }

  /** Numbers in a block. */
  int blockLength() {
    return blockLength;
  }

  /** Bytes of a block. */
  int blockBytes() {
    return blockBytes;
  }

  /** The type its numbers have in a checkpoint: the same without loss. */
  StoredType stored() {
    return stored;
  }

  /** Whether numbers were rounded to a block's scale. */
  boolean isQuantised() {
    return decoder != null;
  }

  /**
   * Decodes whole blocks.
   *
   * @param blocks bytes that begin with them
   * @param count how many
   * @param numbers where their numbers go, from the first position on
   */
  void decode(byte[] blocks, int count, float[] numbers) {
    for (int block = 0; block < count; block++) {
      decoder.decode(blocks, block * blockBytes, numbers, block * blockLength);
    }
  }

  /** The type with this number in the format, or empty where it is not read. */
  static Optional<GgufType> parse(long id) {
    return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
  }

  /** The names of all types that are read. */
  static String all() {
    return Arrays.stream(values()).map(GgufType::name).collect(Collectors.joining(", "));
  }

  /** The name of any type of the format, for messages. */
  static String name(long id) {
    return parse(id)
        .map(GgufType::name)
        .orElseGet(
            () ->
                switch (Math.clamp(id, -1, 1_000)) {
                  case 6 -> "Q5_0";
                  case 7 -> "Q5_1";
                  case 9 -> "Q8_1";
                  case 10 -> "Q2_K";
                  case 11 -> "Q3_K";
                  case 15 -> "Q8_K";
                  case 16 -> "IQ2_XXS";
                  case 17 -> "IQ2_XS";
                  case 18 -> "IQ3_XXS";
                  case 19 -> "IQ1_S";
                  case 20 -> "IQ4_NL";
                  case 21 -> "IQ3_S";
                  case 22 -> "IQ2_S";
                  case 23 -> "IQ4_XS";
                  case 24 -> "I8";
                  case 25 -> "I16";
                  case 26 -> "I32";
                  case 27 -> "I64";
                  case 28 -> "F64";
                  case 29 -> "IQ1_M";
                  case 34 -> "TQ1_0";
                  case 35 -> "TQ2_0";
                  case 39 -> "MXFP4";
                  default -> "number " + Long.toUnsignedString(id);
                });
  }
}

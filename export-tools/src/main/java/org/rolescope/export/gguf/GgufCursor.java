package org.rolescope.export.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads the head of a file from its first byte on; never reads behind its end. */
final class GgufCursor {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final MemorySegment bytes;
  private long position;

  /**
   * A cursor at the first byte.
   *
   * @param file file to name in faults
   * @param bytes all of it
   */
  GgufCursor(Path file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /** Position of the next byte. */
  long position() {
    return position;
  }

  /** Bytes behind it. */
  long remaining() {
    return bytes.byteSize() - position;
  }

  /** One byte, signed. */
  byte int8(String what) {
    return bytes.get(ValueLayout.JAVA_BYTE, take(what, Byte.BYTES));
  }

  /** Two bytes, signed. */
  short int16(String what) {
    return bytes.get(SHORT, take(what, Short.BYTES));
  }

  /** Four bytes, signed. */
  int int32(String what) {
    return bytes.get(INT, take(what, Integer.BYTES));
  }

  /** Four bytes, unsigned. */
  long uint32(String what) {
    return Integer.toUnsignedLong(int32(what));
  }

  /** Eight bytes; unsigned numbers from 2^63 on are negative. */
  long int64(String what) {
    return bytes.get(LONG, take(what, Long.BYTES));
  }

  /**
   * A count of something to come.
   *
   * @param max the most that are allowed
   */
  int count(String what, int max) {
    long found = int64("the number of " + what);
    if (found < 0 || found > max) {
      throw new Defect.TooMany(what, found, max).in(file);
    }
    return (int) found;
  }

  /** Text of this many bytes at most, whose length stands before it. */
  String text(String what, int maxBytes) {
    int length = count("bytes of " + what, maxBytes);
    long start = take(what, length);
    ByteBuffer content = bytes.asSlice(start, length).asByteBuffer();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(content).toString();
    } catch (CharacterCodingException invalid) {
      throw new Defect.NotUtf8(what, start).in(file, invalid);
    }
  }

  /**
   * Checks that so many values can follow before memory is set aside for them.
   *
   * @param minBytes least bytes each of them takes
   */
  void checkFollow(String what, int count, int minBytes) {
    if ((long) count * minBytes > remaining()) {
      throw truncated(what, (long) count * minBytes);
    }
  }

  private long take(String what, long length) {
    if (length > remaining()) {
      throw truncated(what, length);
    }
    long start = position;
    position += length;
    return start;
  }

  private RuntimeException truncated(String what, long length) {
    return new Defect.Truncated(what, position, length, bytes.byteSize()).in(file);
  }
}

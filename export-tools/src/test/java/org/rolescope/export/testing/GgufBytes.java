package org.rolescope.export.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Writes GGUF files, well-formed or not. */
public final class GgufBytes {
  /** Alignment where the metadata says nothing. */
  public static final int ALIGNMENT = 32;

  private static final int TEXT = 8;

  private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private long keyCount;
  private long tensorCount;

  /** A key with a text. */
  public GgufBytes text(String key, String value) {
    key(key, TEXT);
    text(metadata, value);
    return this;
  }

  /** A key with an unsigned 32-bit number. */
  public GgufBytes whole(String key, int value) {
    key(key, 4);
    int32(metadata, value);
    return this;
  }

  /** A key with a 32-bit float. */
  public GgufBytes real(String key, float value) {
    key(key, 6);
    int32(metadata, Float.floatToIntBits(value));
    return this;
  }

  /** A key with a truth value. */
  public GgufBytes flag(String key, int value) {
    key(key, 7);
    metadata.write(value);
    return this;
  }

  /** A key with a list of texts. */
  public GgufBytes texts(String key, List<String> values) {
    list(key, TEXT, values.size());
    values.forEach(value -> text(metadata, value));
    return this;
  }

  /** A key with a list of signed 32-bit numbers. */
  public GgufBytes wholes(String key, List<Integer> values) {
    list(key, 5, values.size());
    values.forEach(value -> int32(metadata, value));
    return this;
  }

  /** A key with a list that only claims so many values of this kind. */
  public GgufBytes list(String key, int kind, long count) {
    key(key, 9);
    int32(metadata, kind);
    int64(metadata, count);
    return this;
  }

  /** A key with a value of this kind whose bytes do not follow yet. */
  public GgufBytes key(String key, int kind) {
    text(metadata, key);
    int32(metadata, kind);
    keyCount++;
    return this;
  }

  /** Bytes in the metadata. */
  public GgufBytes raw(byte... bytes) {
    metadata.writeBytes(bytes);
    return this;
  }

  /**
   * A tensor behind the one before.
   *
   * @param type number of its type
   * @param bytes its data
   * @param sizes its sizes, the innermost first
   */
  public GgufBytes tensor(String name, int type, byte[] bytes, long... sizes) {
    claim(name, type, data.size(), sizes);
    data.writeBytes(bytes);
    data.writeBytes(new byte[-data.size() & ALIGNMENT - 1]);
    return this;
  }

  /** An entry of the directory without data. */
  public GgufBytes claim(String name, int type, long offset, long... sizes) {
    text(directory, name);
    int32(directory, sizes.length);
    Arrays.stream(sizes).forEach(size -> int64(directory, size));
    int32(directory, type);
    int64(directory, offset);
    tensorCount++;
    return this;
  }

  /** The file, version 3. */
  public byte[] build() {
    return build(3, tensorCount, keyCount);
  }

  /** The file with this version and these counts, right or wrong. */
  public byte[] build(int version, long tensors, long keys) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    int32(file, version);
    int64(file, tensors);
    int64(file, keys);
    file.writeBytes(metadata.toByteArray());
    file.writeBytes(directory.toByteArray());
    file.writeBytes(new byte[-file.size() & ALIGNMENT - 1]);
    file.writeBytes(data.toByteArray());
    return file.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    int64(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void int32(ByteArrayOutputStream out, int value) {
    out.writeBytes(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private static void int64(ByteArrayOutputStream out, long value) {
    out.writeBytes(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }
}

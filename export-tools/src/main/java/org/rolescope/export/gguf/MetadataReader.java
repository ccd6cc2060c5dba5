package org.rolescope.export.gguf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the metadata: keys, each with a value of one of thirteen kinds. */
final class MetadataReader {
  /** Models have some dozens of keys. */
  static final int MAX_KEYS = 1 << 16;

  /** Far above the largest vocabularies, which have some hundred thousand tokens. */
  static final int MAX_VALUES = 1 << 22;

  private static final int MAX_KEY_BYTES = 1 << 16;
  private static final int MAX_TEXT_BYTES = 1 << 24;
  private static final int TEXT = 8;
  private static final int LIST = 9;

  private final Path file;
  private final GgufCursor cursor;

  MetadataReader(Path file, GgufCursor cursor) {
    this.file = file;
    this.cursor = cursor;
  }

  /** Reads this many keys with their values. */
  Metadata read(int count) {
    Map<String, MetadataValue> values = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String key = cursor.text("a key of the metadata", MAX_KEY_BYTES);
      long kind = cursor.uint32("the kind of " + key);
      MetadataValue value = kind == LIST ? values(key) : value(key, kind);
      if (values.put(key, value) != null) {
        throw new Defect.Duplicate("the key", key).in(file);
      }
    }
    return new Metadata(file, values);
  }

  private MetadataValue values(String key) {
    long kind = cursor.uint32("the kind of " + key);
    int count = cursor.count("values of " + key, MAX_VALUES);
    cursor.checkFollow("the list " + key, count, minBytes(key, kind));
    List<MetadataValue> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(value(key, kind));
    }
    return new MetadataValue.Values(values);
  }

  /** Lists in lists are in the format but in no model. */
  private int minBytes(String key, long kind) {
    return switch ((int) kind) {
      case 0, 1, 7 -> Byte.BYTES;
      case 2, 3 -> Short.BYTES;
      case 4, 5, 6 -> Integer.BYTES;
      case TEXT, 10, 11, 12 -> Long.BYTES;
      default -> throw new Defect.UnknownKind(key, kind).in(file);
    };
  }

  private MetadataValue value(String key, long kind) {
    return switch ((int) kind) {
      case 0 -> new MetadataValue.Whole(Byte.toUnsignedLong(cursor.int8(key)));
      case 1 -> new MetadataValue.Whole(cursor.int8(key));
      case 2 -> new MetadataValue.Whole(Short.toUnsignedLong(cursor.int16(key)));
      case 3 -> new MetadataValue.Whole(cursor.int16(key));
      case 4 -> new MetadataValue.Whole(cursor.uint32(key));
      case 5 -> new MetadataValue.Whole(cursor.int32(key));
      case 6 -> MetadataValue.Real.of(Float.intBitsToFloat(cursor.int32(key)));
      case 7 -> flag(key, cursor.int8(key));
      case TEXT -> new MetadataValue.Text(cursor.text(key, MAX_TEXT_BYTES));
      case 10, 11 -> new MetadataValue.Whole(cursor.int64(key));
      case 12 -> new MetadataValue.Real(Double.longBitsToDouble(cursor.int64(key)));
      default -> throw new Defect.UnknownKind(key, kind).in(file);
    };
  }

  private MetadataValue flag(String key, byte found) {
    if (found != 0 && found != 1) {
      throw new Defect.NotABoolean(key, found).in(file);
    }
    return new MetadataValue.Flag(found == 1);
  }
}

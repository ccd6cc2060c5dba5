package org.rolescope.export.gguf;

import java.util.List;

/** A value of the metadata. */
sealed interface MetadataValue {
  /** The value in a few words, for messages. */
  String describe();

  /** A whole number of any width; those above 2^63 are negative. */
  record Whole(long value) implements MetadataValue {
    @Override
    public String describe() {
      return Long.toString(value);
    }
  }

  /** A float32 or float64 number, as the shortest decimal that gives it. */
  record Real(double value) implements MetadataValue {
    /** The shortest decimal of a float32: 1e-5, not 9.999999747378752e-6. */
    static Real of(float value) {
      return new Real(Double.parseDouble(Float.toString(value)));
    }

    @Override
    public String describe() {
      return Double.toString(value);
    }
  }

  /** A truth value. */
  record Flag(boolean value) implements MetadataValue {
    @Override
    public String describe() {
      return Boolean.toString(value);
    }
  }

  /** A text. */
  record Text(String value) implements MetadataValue {
    @Override
    public String describe() {
      return '"' + value + '"';
    }
  }

  /** A list of values of one kind. */
  record Values(List<MetadataValue> values) implements MetadataValue {
    public Values {
      values = List.copyOf(values);
    }

    @Override
    public String describe() {
      return "a list of %d values".formatted(values.size());
    }
  }
}

package org.rolescope.export.gguf;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.rolescope.export.gguf.MetadataValue.Flag;
import org.rolescope.export.gguf.MetadataValue.Real;
import org.rolescope.export.gguf.MetadataValue.Text;
import org.rolescope.export.gguf.MetadataValue.Values;
import org.rolescope.export.gguf.MetadataValue.Whole;

/**
 * The metadata of a file. Every answer is of the kind asked for and within its bounds, or the
 * question ends in a fault that names the file, the key and the value found.
 *
 * @param file the file, for faults
 * @param values values by key
 */
record Metadata(Path file, Map<String, MetadataValue> values) {
  Metadata {
    requireNonNull(file, "file is null");
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** Whether the key is there. */
  boolean has(String key) {
    return values.containsKey(key);
  }

  /** A text that may be absent. */
  Optional<String> text(String key) {
    return value(key)
        .map(value -> value instanceof Text text ? text.value() : wrong(key, value, "text"));
  }

  /** A text that must be there. */
  String requiredText(String key) {
    return text(key).orElseThrow(() -> missing(key));
  }

  /** A whole number from min to max that may be absent. */
  Optional<Integer> whole(String key, int min, int max) {
    return value(key)
        .map(
            value ->
                value instanceof Whole number && number.value() >= min && number.value() <= max
                    ? (int) number.value()
                    : wrong(key, value, "a whole number from %d to %d".formatted(min, max)));
  }

  /** A whole number from 1 to max that must be there. */
  int size(String key, int max) {
    return whole(key, 1, max).orElseThrow(() -> missing(key));
  }

  /** A finite number that may be absent. */
  Optional<Double> number(String key) {
    return value(key)
        .map(
            value ->
                value instanceof Real number && Double.isFinite(number.value())
                    ? number.value()
                    : wrong(key, value, "a finite number"));
  }

  /** A truth value that may be absent. */
  Optional<Boolean> flag(String key) {
    return value(key)
        .map(
            value ->
                value instanceof Flag flag ? flag.value() : wrong(key, value, "true or false"));
  }

  /** A list of texts that must be there. */
  List<String> texts(String key) {
    return list(key, value -> value instanceof Text text ? text.value() : null, "a list of texts")
        .orElseThrow(() -> missing(key));
  }

  /** A list of whole numbers that may be absent. */
  Optional<List<Long>> wholes(String key) {
    return list(
        key,
        value -> value instanceof Whole number ? number.value() : null,
        "a list of whole numbers");
  }

  /** A list of numbers, none of them NaN, that must be there. */
  List<Double> numbers(String key) {
    return list(
            key,
            value ->
                value instanceof Real number && !Double.isNaN(number.value())
                    ? number.value()
                    : null,
            "a list of numbers")
        .orElseThrow(() -> missing(key));
  }

  private <T> Optional<List<T>> list(
      String key, Function<MetadataValue, T> element, String needed) {
    return value(key)
        .map(
            value -> {
              if (!(value instanceof Values list)) {
                return wrong(key, value, needed);
              }
              return list.values().stream()
                  .map(each -> Optional.ofNullable(element.apply(each)))
                  .map(each -> each.orElseGet(() -> wrong(key, value, needed)))
                  .toList();
            });
  }

  private Optional<MetadataValue> value(String key) {
    return Optional.ofNullable(values.get(key));
  }

  private RuntimeException missing(String key) {
    return new Defect.Missing(key).in(file);
  }

  private <T> T wrong(String key, MetadataValue found, String needed) {
    throw new Defect.WrongValue(key, found.describe(), needed).in(file);
  }
}

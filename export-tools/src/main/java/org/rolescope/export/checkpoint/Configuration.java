package org.rolescope.export.checkpoint;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rolescope.export.file.Wording;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * {@code config.json}, or an object inside it. Every family spells its sizes differently, so this
 * record only answers questions: each answer is of the right type and within its bounds, or the
 * question ends in a fault that names the file, the field and the value found. A JSON null counts
 * as absent.
 *
 * @param file the file, for faults
 * @param path fields that lead to this object, each followed by a dot; empty for the whole file
 * @param fields the object
 */
public record Configuration(Path file, String path, ObjectNode fields) {
  private static final long MAX_SIZE_BYTES = 16L << 20;
  private static final JsonNode ZERO = IntNode.valueOf(0);

  /** Copies the object. */
  public Configuration {
    requireNonNull(file, "file is null");
    requireNonNull(path, "path is null");
    fields = fields.deepCopy();
  }

  /** A copy of the object. */
  @Override
  public ObjectNode fields() {
    return fields.deepCopy();
  }

  /**
   * Reads a configuration.
   *
   * @throws RolescopeException NOT_FOUND where it cannot be read, MALFORMED_MODEL where it is no
   *     JSON object
   */
  public static Configuration read(Path file) {
    return new Configuration(file, "", JsonFiles.readObject(file, MAX_SIZE_BYTES));
  }

  /**
   * A size that must be there.
   *
   * @return a whole number from 1 to max
   * @throws RolescopeException MALFORMED_MODEL where it is absent or out of bounds
   */
  public int size(String field, int max) {
    JsonNode value =
        value(field)
            .orElseThrow(() -> malformed(field, "is missing; a whole number is needed there"));
    return size(field, value, max);
  }

  /**
   * A size that may be absent.
   *
   * @return a whole number from 1 to max, or the given one where the field is absent
   * @throws RolescopeException MALFORMED_MODEL where it is out of bounds
   */
  public int size(String field, int max, int whenAbsent) {
    return value(field).map(value -> size(field, value, max)).orElse(whenAbsent);
  }

  /**
   * A size that may be absent or 0.
   *
   * @return a whole number from 0 to max
   * @throws RolescopeException MALFORMED_MODEL where it is out of bounds
   */
  public Optional<Integer> sizeOrZero(String field, int max) {
    return value(field).map(value -> value.equals(ZERO) ? 0 : size(field, value, max));
  }

  /**
   * A number that may be absent.
   *
   * @throws RolescopeException MALFORMED_MODEL where it is below min, above max, or no number
   */
  public Optional<Double> number(String field, double min, double max) {
    return value(field)
        .map(
            value -> {
              if (value.isNumber() && value.asDouble() >= min && value.asDouble() <= max) {
                return value.asDouble();
              }
              throw malformed(field, value, "a number from %s to %s".formatted(min, max));
            });
  }

  /**
   * A number above zero that may be absent.
   *
   * @throws RolescopeException MALFORMED_MODEL where it is zero, negative, above max, or no number
   */
  public Optional<Double> positive(String field, double max) {
    return value(field)
        .map(
            value -> {
              if (value.isNumber() && value.asDouble() > 0 && value.asDouble() <= max) {
                return value.asDouble();
              }
              throw malformed(field, value, "a number above 0 and up to " + max);
            });
  }

  /**
   * A truth value.
   *
   * @throws RolescopeException MALFORMED_MODEL where it is something else
   */
  public boolean flag(String field, boolean whenAbsent) {
    return value(field)
        .map(
            value -> {
              if (value.isBoolean()) {
                return value.asBoolean();
              }
              throw malformed(field, value, "true or false");
            })
        .orElse(whenAbsent);
  }

  /**
   * A text that may be absent.
   *
   * @throws RolescopeException MALFORMED_MODEL where it is something else
   */
  public Optional<String> text(String field) {
    return value(field).map(value -> text(field, value));
  }

  /**
   * A list of texts; empty where it is absent.
   *
   * @throws RolescopeException MALFORMED_MODEL where it is something else
   */
  public List<String> texts(String field) {
    List<String> texts = new ArrayList<>();
    value(field)
        .ifPresent(
            value -> {
              if (!value.isArray()) {
                throw malformed(field, value, "a list of texts");
              }
              value.forEach(element -> texts.add(text(field, element)));
            });
    return List.copyOf(texts);
  }

  /**
   * An object inside this one that may be absent.
   *
   * @throws RolescopeException MALFORMED_MODEL where it is something else
   */
  public Optional<Configuration> section(String field) {
    return value(field)
        .map(
            value -> {
              if (value instanceof ObjectNode object) {
                return new Configuration(file, path + field + ".", object);
              }
              throw malformed(field, value, "a JSON object");
            });
  }

  /** Whether the field is there and not null. */
  public boolean has(String field) {
    return value(field).isPresent();
  }

  /** Whether the field is there and null, for settings where that differs from absent. */
  public boolean isNull(String field) {
    return fields.has(field) && !has(field);
  }

  /**
   * The fault of a configuration that is valid but asks for something Rolescope cannot do.
   *
   * @param field field that asks for it
   * @param supported what would be supported, in words
   */
  public RolescopeException unsupported(String field, String supported) {
    return new RolescopeException(
        FaultCode.MALFORMED_MODEL,
        "%s says %s%s = %s, which is not supported yet; supported is %s"
            .formatted(
                file, path, field, Wording.oneLine(fields.get(field).toString()), supported));
  }

  /** The fault of a field that contradicts the others. */
  public RolescopeException malformed(String field, String reason) {
    return new RolescopeException(
        FaultCode.MALFORMED_MODEL,
        "In %s, %s%s %s; check the file or download the checkpoint again"
            .formatted(file, path, field, reason));
  }

  private Optional<JsonNode> value(String field) {
    return Optional.ofNullable(fields.get(field)).filter(value -> !value.isNull());
  }

  private int size(String field, JsonNode value, int max) {
    if (value.isIntegralNumber()
        && value.canConvertToInt()
        && value.intValue() >= 1
        && value.intValue() <= max) {
      return value.intValue();
    }
    throw malformed(field, value, "a whole number from 1 to " + max);
  }

  private String text(String field, JsonNode value) {
    if (value.isTextual()) {
      return value.asText();
    }
    throw malformed(field, value, "text");
  }

  private RolescopeException malformed(String field, JsonNode value, String needed) {
    return malformed(
        field, "is %s where %s is needed".formatted(Wording.oneLine(value.toString()), needed));
  }
}

package org.rolescope.orchestrator.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads and writes JSON. Keys keep the order they were set in, lines end with LF on every system,
 * and doubles have their shortest form that reads back to the same value.
 */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /**
   * Reads one value.
   *
   * @throws IOException where the bytes are no JSON, repeat a key, or go on behind the value
   */
  public static JsonNode read(byte[] bytes) throws IOException {
    return MAPPER.readTree(bytes);
  }

  /** Writes a value in one line without spaces. */
  public static byte[] compact(JsonNode value) {
    return value.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Writes a value for people, ends with a line feed, and closes the stream. */
  public static void pretty(OutputStream out, JsonNode value) throws IOException {
    try (JsonGenerator json = generator(out)) {
      json.writeTree(value);
      json.writeRaw('\n');
    }
  }

  /** A generator for people, for what is too large for a tree. Closing it closes the stream. */
  public static JsonGenerator generator(OutputStream out) throws IOException {
    return MAPPER.createGenerator(out).setPrettyPrinter(prettyPrinter());
  }

  /**
   * A generator for an array of many small objects: each in a line of its own. Closing it closes
   * the stream.
   */
  public static JsonGenerator rows(OutputStream out) throws IOException {
    return MAPPER
        .createGenerator(out)
        .setPrettyPrinter(
            new DefaultPrettyPrinter(
                    PrettyPrinter.DEFAULT_SEPARATORS.withObjectFieldValueSpacing(Spacing.NONE))
                .withArrayIndenter(new DefaultIndenter("", "\n"))
                .withObjectIndenter(new DefaultPrettyPrinter.NopIndenter()));
  }

  private static PrettyPrinter prettyPrinter() {
    return new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
  }
}

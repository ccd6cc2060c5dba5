package org.rolescope.export.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rolescope.export.file.FileFaults;
import org.rolescope.export.file.Wording;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** JSON files of a snapshot, read within limits; every fault names the file. */
final class JsonFiles {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** For walking only: keeps no names, and takes duplicates as other readers of these files do. */
  private static final JsonFactory WALKER =
      JsonFactory.builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build();

  private JsonFiles() {}

  /** The object in this file. */
  static ObjectNode readObject(Path file, long maxBytes) {
    checkSize(file, maxBytes);
    try {
      JsonNode root = MAPPER.readTree(file.toFile());
      if (root instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException invalid) {
      throw fault(file, invalid);
    }
    throw notAnObject(file);
  }

  /** Walks through the file without keeping it and rejects what is not one JSON object. */
  static void checkObject(Path file, long maxBytes) {
    checkSize(file, maxBytes);
    walk(file, JsonParser::skipChildren);
  }

  /** Looks at a JSON object piece by piece. */
  @FunctionalInterface
  interface Walk {
    /** Goes from the opening brace, which is the current token, to the closing one. */
    void through(JsonParser parser) throws IOException;
  }

  /** Walks through the one JSON object a file must hold. */
  static void walk(Path file, Walk walk) {
    try (JsonParser parser = WALKER.createParser(file.toFile())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw notAnObject(file);
      }
      walk.through(parser);
      if (parser.nextToken() != null) {
        throw notAnObject(file);
      }
    } catch (IOException invalid) {
      throw fault(file, invalid);
    }
  }

  private static void checkSize(Path file, long maxBytes) {
    try {
      long sizeBytes = Files.size(file);
      if (sizeBytes > maxBytes) {
        throw malformed(
            file, "it has %d bytes, at most %d are allowed".formatted(sizeBytes, maxBytes), null);
      }
    } catch (IOException unreadable) {
      throw fault(file, unreadable);
    }
  }

  private static RolescopeException notAnObject(Path file) {
    return malformed(file, "it is not one JSON object", null);
  }

  private static RolescopeException fault(Path file, IOException reason) {
    if (reason instanceof JsonProcessingException invalid) {
      return malformed(file, invalid.getOriginalMessage(), invalid);
    }
    return FileFaults.unreadable(file, reason);
  }

  private static RolescopeException malformed(Path file, String reason, Throwable cause) {
    return new RolescopeException(
        FaultCode.MALFORMED_MODEL,
        "%s is damaged: %s; download the checkpoint again".formatted(file, Wording.oneLine(reason)),
        cause);
  }
}

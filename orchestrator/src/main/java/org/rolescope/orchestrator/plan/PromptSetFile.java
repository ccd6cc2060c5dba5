package org.rolescope.orchestrator.plan;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.json.Json;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * A file with a prompt set.
 *
 * @param path where it is
 * @param format what it should hold
 */
record PromptSetFile(Path path, Format format) {
  /** Larger than any set a service would take in one message. */
  private static final long MAX_BYTES = 4L << 20;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  PromptSetFile {
    requireNonNull(path, "path is null");
    requireNonNull(format, "format is null");
  }

  /** Formats of such files. */
  enum Format {
    JSON,
    YAML,
    CSV
  }

  /** A file in the format its name ends in; JSON where that says nothing. */
  static PromptSetFile of(Path path) {
    String name = path.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      return new PromptSetFile(path, Format.YAML);
    }
    return new PromptSetFile(path, name.endsWith(".csv") ? Format.CSV : Format.JSON);
  }

  PromptSet read() {
    try {
      String text = text();
      String source = "prompt set file " + path;
      return switch (format) {
        case JSON -> PromptSetJson.read(Json.read(text.getBytes(StandardCharsets.UTF_8)), source);
        case YAML -> PromptSetJson.read(Yaml.read(text, source), source);
        case CSV -> PromptSetCsv.read(text, nameOfSet(), source);
      };
    } catch (IOException failed) {
      throw unreadable(failed);
    }
  }

  private String text() throws IOException {
    long sizeBytes = Files.size(path);
    Invalid.unless(
        sizeBytes <= MAX_BYTES,
        "Prompt set file %s has %d bytes, more than the %d allowed; split it",
        path,
        sizeBytes,
        MAX_BYTES);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
    String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }

  /** The file's name without its ending. */
  private String nameOfSet() {
    String name = path.getFileName().toString();
    return name.substring(0, name.lastIndexOf('.'));
  }

  private RolescopeException unreadable(IOException failed) {
    return switch (failed) {
      case NoSuchFileException missing ->
          new RolescopeException(
              FaultCode.NOT_FOUND,
              "There is no prompt set file %s; check the path, or use a built-in set (%s)"
                  .formatted(path, String.join(", ", PromptSets.bundledNames())),
              missing);
      case CharacterCodingException otherEncoding ->
          Invalid.because("Prompt set file %s is not in UTF-8; save it in that encoding", path);
      case MismatchedInputException more ->
          Invalid.because(
              "Prompt set file %s goes on behind its first value%s; keep one set in a file",
              path, at(more));
      case JsonProcessingException damaged ->
          Invalid.because(
              "Prompt set file %s is no valid %s (%s); correct it there",
              path, format, reason(damaged) + at(damaged));
      default ->
          Invalid.because(
              "Prompt set file %s cannot be read (%s); check that it is a file you may read",
              path, failed.getMessage());
    };
  }

  private static String reason(JsonProcessingException damaged) {
    String reason =
        damaged.getCause() instanceof MarkedYAMLException marked
            ? marked.getProblem()
            : damaged.getOriginalMessage();
    return reason.lines().findFirst().orElse("damaged");
  }

  private static String at(JsonProcessingException damaged) {
    return damaged.getLocation() == null ? "" : ", line " + damaged.getLocation().getLineNr();
  }
}

package org.rolescope.orchestrator.plan;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
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
 * A small text file that a user wrote. Why it cannot be used is said in a sentence.
 *
 * @param path where it is
 * @param kind what it should be; begins sentences, for example {@code Prompt set file}
 * @param format its format, for example {@code YAML}
 * @param instead what to do where there is no such file
 */
public record UserFile(Path path, String kind, String format, String instead) {
  /** Larger than any set a service would take in one message. */
  private static final long MAX_BYTES = 4L << 20;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /** Checks that nothing is missing. */
  public UserFile {
    requireNonNull(path, "path is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(format, "format is null");
    requireNonNull(instead, "instead is null");
  }

  /**
   * What the file says as YAML.
   *
   * @throws RolescopeException NOT_FOUND where there is no such file, INVALID_ARGUMENT where it is
   *     too large, is no YAML in UTF-8, repeats a key, uses an alias, or holds a second document
   */
  public JsonNode yaml() {
    try {
      return Yaml.read(text(), words());
    } catch (IOException failed) {
      throw unusable(failed);
    }
  }

  /**
   * What the file says as JSON.
   *
   * @throws RolescopeException NOT_FOUND where there is no such file, INVALID_ARGUMENT where it is
   *     too large, is no JSON in UTF-8, repeats a key, or goes on behind its value
   */
  public JsonNode json() {
    try {
      return Json.read(text().getBytes(StandardCharsets.UTF_8));
    } catch (IOException failed) {
      throw unusable(failed);
    }
  }

  /** The file in the middle of a sentence. */
  String words() {
    return kind.substring(0, 1).toLowerCase(Locale.ROOT) + kind.substring(1) + " " + path;
  }

  /** The text, without a byte order mark. */
  String text() throws IOException {
    long sizeBytes = Files.size(path);
    Invalid.unless(
        sizeBytes <= MAX_BYTES,
        "%s %s has %d bytes, more than the %d allowed; split it",
        kind,
        path,
        sizeBytes,
        MAX_BYTES);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
    String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }

  /** The fault of what went wrong when the file was read. */
  RolescopeException unusable(IOException failed) {
    return switch (failed) {
      case NoSuchFileException missing ->
          new RolescopeException(
              FaultCode.NOT_FOUND, "There is no %s; %s".formatted(words(), instead), missing);
      case CharacterCodingException otherEncoding ->
          Invalid.because("%s %s is not in UTF-8; save it in that encoding", kind, path);
      case MismatchedInputException more ->
          Invalid.because(
              "%s %s goes on behind its first value%s; keep one document in a file",
              kind, path, at(more));
      case JsonProcessingException damaged ->
          Invalid.because(
              "%s %s is no valid %s (%s); correct it there",
              kind, path, format, reason(damaged) + at(damaged));
      default ->
          Invalid.because(
              "%s %s cannot be read (%s); check that it is a file you may read",
              kind, path, failed.getMessage());
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

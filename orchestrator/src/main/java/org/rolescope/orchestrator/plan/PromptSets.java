package org.rolescope.orchestrator.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.json.Json;

/** Where prompt sets come from: the two that are built in, or a file of the same shape. */
public final class PromptSets {
  private static final List<String> BUNDLED_NAMES = List.of("default", "published");

  /** Larger than any set a service would take in one message. */
  private static final long MAX_FILE_BYTES = 4L << 20;

  private PromptSets() {}

  /** Names of the built-in sets. */
  public static List<String> bundledNames() {
    return BUNDLED_NAMES;
  }

  /**
   * A built-in set: {@code published} is the study's, as it was, with one neutral prompt standing
   * twice; {@code default} has another prompt in place of the second one.
   *
   * @throws RolescopeException NOT_FOUND where there is no such set
   */
  public static PromptSet bundled(String name) {
    if (!BUNDLED_NAMES.contains(name)) {
      throw new RolescopeException(
          FaultCode.NOT_FOUND,
          "There is no built-in prompt set %s; use %s, or give a file"
              .formatted(name, String.join(" or ", BUNDLED_NAMES)));
    }
    String resource = "/org/rolescope/orchestrator/prompts/" + name + ".json";
    try (InputStream in = PromptSets.class.getResourceAsStream(resource)) {
      return PromptSetJson.read(Json.read(in.readAllBytes()), "prompt set " + name);
    } catch (IOException impossible) {
      throw new UncheckedIOException("resource " + resource, impossible);
    }
  }

  /**
   * Reads a set from a JSON file with {@code name} and {@code categories}.
   *
   * @throws RolescopeException NOT_FOUND where there is no such file, INVALID_ARGUMENT where it
   *     cannot be read, is no JSON, or is not a valid prompt set
   */
  public static PromptSet read(Path file) {
    try {
      checkSize(file);
      return PromptSetJson.read(Json.read(Files.readAllBytes(file)), "prompt set file " + file);
    } catch (IOException failed) {
      throw unreadable(file, failed);
    }
  }

  private static void checkSize(Path file) throws IOException {
    long sizeBytes = Files.size(file);
    Invalid.unless(
        sizeBytes <= MAX_FILE_BYTES,
        "Prompt set file %s has %d bytes, more than the %d allowed; split it",
        file,
        sizeBytes,
        MAX_FILE_BYTES);
  }

  private static RolescopeException unreadable(Path file, IOException failed) {
    return switch (failed) {
      case NoSuchFileException missing ->
          new RolescopeException(
              FaultCode.NOT_FOUND,
              "There is no prompt set file %s; check the path, or use a built-in set (%s)"
                  .formatted(file, String.join(", ", BUNDLED_NAMES)),
              missing);
      case JsonProcessingException noJson ->
          Invalid.because(
              "Prompt set file %s is no valid JSON (%s); correct it there",
              file, noJson.getOriginalMessage().lines().findFirst().orElse("damaged") + at(noJson));
      default ->
          Invalid.because(
              "Prompt set file %s cannot be read (%s); check that it is a file you may read",
              file, failed.getMessage());
    };
  }

  private static String at(JsonProcessingException noJson) {
    return noJson.getLocation() == null ? "" : ", line " + noJson.getLocation().getLineNr();
  }
}

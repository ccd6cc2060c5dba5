package org.rolescope.orchestrator.plan;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.json.Json;

/** Where prompt sets come from: the two that are built in, or a file. */
public final class PromptSets {
  private static final List<String> BUNDLED_NAMES = List.of("default", "published");

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
   * Reads a set from a file: YAML where its name ends in {@code .yaml} or {@code .yml}, CSV where
   * it ends in {@code .csv}, otherwise JSON.
   *
   * @throws RolescopeException NOT_FOUND where there is no such file, INVALID_ARGUMENT where it
   *     cannot be read, is not of its format, or is not a valid prompt set
   */
  public static PromptSet read(Path file) {
    return PromptSetFile.of(file).read();
  }
}

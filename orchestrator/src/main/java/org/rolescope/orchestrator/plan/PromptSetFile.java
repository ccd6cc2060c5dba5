package org.rolescope.orchestrator.plan;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.rolescope.orchestrator.json.Json;

/**
 * A file with a prompt set.
 *
 * @param path where it is
 * @param format what it should hold
 */
record PromptSetFile(Path path, Format format) {
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
    UserFile file =
        new UserFile(
            path,
            "Prompt set file",
            format.name(),
            "check the path, or use a built-in set (%s)"
                .formatted(String.join(", ", PromptSets.bundledNames())));
    try {
      String text = file.text();
      String source = file.words();
      return switch (format) {
        case JSON -> PromptSetJson.read(Json.read(text.getBytes(StandardCharsets.UTF_8)), source);
        case YAML -> PromptSetJson.read(Yaml.read(text, source), source);
        case CSV -> PromptSetCsv.read(text, nameOfSet(), source);
      };
    } catch (IOException failed) {
      throw file.unusable(failed);
    }
  }

  /** The file's name without its ending. */
  private String nameOfSet() {
    String name = path.getFileName().toString();
    return name.substring(0, name.lastIndexOf('.'));
  }
}

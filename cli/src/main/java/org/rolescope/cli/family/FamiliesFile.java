package org.rolescope.cli.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.rolescope.export.file.Wording;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.plan.UserFile;
import org.rolescope.orchestrator.plan.Yaml;

/**
 * Families in YAML: {@code families}, and below it a name each with {@code base} and, where there
 * are two models to compare, {@code instruct}. Nothing else may stand there, so that a misspelt key
 * is found.
 */
final class FamiliesFile {
  private static final String FAMILIES = "families";
  private static final String BASE = "base";
  private static final String INSTRUCT = "instruct";
  private static final String SHIPPED = "/org/rolescope/cli/family/families.yml";

  private final String source;
  private final String origin;
  private final Path start;

  private FamiliesFile(String source, String origin, Path start) {
    this.source = source;
    this.origin = origin;
    this.start = start;
  }

  /**
   * Reads a user's file. Relative folders start at its own.
   *
   * @throws RolescopeException NOT_FOUND where there is none, INVALID_ARGUMENT where it cannot be
   *     read or holds anything but families
   */
  static List<Family> read(Path path) {
    UserFile file =
        new UserFile(path, "Families file", "YAML", "check the path, or leave --families out");
    return new FamiliesFile(
            "families file " + path, path.toString(), path.toAbsolutePath().getParent())
        .families(file.yaml());
  }

  /**
   * The families that come with Rolescope.
   *
   * @param home its folder, which relative folders start at
   */
  static List<Family> shipped(Path home) {
    try (InputStream in = FamiliesFile.class.getResourceAsStream(SHIPPED)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new FamiliesFile("the families shipped", "shipped", home)
          .families(Yaml.read(text, SHIPPED));
    } catch (IOException impossible) {
      throw new UncheckedIOException("resource " + SHIPPED, impossible);
    }
  }

  private List<Family> families(JsonNode root) {
    check(
        root.isObject() && root.path(FAMILIES).isObject() && root.size() == 1,
        "%s must hold `families` and nothing beside it; write the families below that",
        capitalised(source));
    List<Family> families = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : root.get(FAMILIES).properties()) {
      families.add(family(entry.getKey(), entry.getValue()));
    }
    check(!families.isEmpty(), "%s names no family; add one below `families`", capitalised(source));
    return families;
  }

  private Family family(String name, JsonNode entry) {
    check(
        entry.isObject() && entry.has(BASE),
        "Family %s in %s has no model; give it `base`, and `instruct` where two are to be compared",
        name,
        source);
    for (Map.Entry<String, JsonNode> field : entry.properties()) {
      check(
          Set.of(BASE, INSTRUCT).contains(field.getKey()),
          "Family %s in %s has the key `%s`; only `base` and `instruct` are known",
          name,
          source,
          field.getKey());
    }
    return new Family(
        name,
        model(name, entry, BASE),
        entry.has(INSTRUCT) ? Optional.of(model(name, entry, INSTRUCT)) : Optional.empty(),
        origin);
  }

  private ModelSource model(String family, JsonNode entry, String field) {
    JsonNode value = entry.get(field);
    check(
        value.isTextual() && !value.textValue().isBlank(),
        "`%s` of family %s in %s is %s, which names no model; give ORG/NAME of a hub, or a folder",
        field,
        family,
        source,
        value);
    try {
      return ModelSource.of(value.textValue(), start);
    } catch (RolescopeException fault) {
      throw new RolescopeException(
          fault.code(),
          "`%s` of family %s in %s: %s".formatted(field, family, source, fault.getMessage()),
          fault);
    }
  }

  private static void check(boolean condition, String format, Object... values) {
    if (!condition) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT, Wording.oneLine(format.formatted(values)));
    }
  }

  private static String capitalised(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}

package org.rolescope.cli.family;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * All families there are: those shipped, over them those of {@code families.yml} in the current
 * folder, over them those of a file that was named. A family replaces one of the same name.
 */
public final class Families {
  /** Name of the file that is read where it lies in the current folder. */
  public static final String FILE_NAME = "families.yml";

  private final Map<String, Family> byName;

  private Families(List<List<Family>> layers) {
    Map<String, Family> families = new LinkedHashMap<>();
    layers.forEach(layer -> layer.forEach(family -> families.put(family.name(), family)));
    byName = Collections.unmodifiableMap(families);
  }

  /**
   * Reads them.
   *
   * @param home Rolescope's folder, where the demo pair lies
   * @param current the current folder
   * @param named a file of the user, or null
   * @throws RolescopeException NOT_FOUND where that file does not exist, INVALID_ARGUMENT where a
   *     file cannot be used
   */
  public static Families read(Path home, Path current, Path named) {
    Path here = current.resolve(FILE_NAME);
    return new Families(
        List.of(
            FamiliesFile.shipped(home),
            Files.isRegularFile(here) ? FamiliesFile.read(here) : List.of(),
            named == null ? List.of() : FamiliesFile.read(named)));
  }

  /** All of them: first those shipped, in their order, then those added. */
  public Collection<Family> all() {
    return byName.values();
  }

  /**
   * One of them.
   *
   * @throws RolescopeException NOT_FOUND where there is none of that name
   */
  public Family named(String name) {
    Family family = byName.get(name);
    if (family == null) {
      throw new RolescopeException(
          FaultCode.NOT_FOUND,
          "There is no family %s; use one of %s, or add yours to a file and name that with --families"
              .formatted(name, String.join(", ", byName.keySet())));
    }
    return family;
  }
}

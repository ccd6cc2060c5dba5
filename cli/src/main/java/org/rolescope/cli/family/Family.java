package org.rolescope.cli.family;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * Two versions of a model that are measured together, or one alone.
 *
 * @param name its name: 1 to 64 letters, digits, {@code . _ -}, the first no {@code .} or {@code -}
 * @param base the base (older) model, or the only one
 * @param instruct the instruct (newer) model; empty: the base is measured alone
 * @param origin where the family is written down, for people
 */
public record Family(String name, ModelSource base, Optional<ModelSource> instruct, String origin) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");
  private static final String BASE = "-base";
  private static final String INSTRUCT = "-instruct";

  /**
   * Checks the name, which becomes part of the names of folders.
   *
   * @throws RolescopeException INVALID_ARGUMENT where it cannot
   */
  public Family {
    requireNonNull(base, "base is null");
    requireNonNull(instruct, "instruct is null");
    requireNonNull(origin, "origin is null");
    if (!NAME.matcher(name).matches()) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "Family name `%s` cannot name a folder; use 1 to 64 letters, digits, `.`, `_` or `-`, and begin with a letter or a digit"
              .formatted(name));
    }
  }

  /** Whether there are two models to compare. */
  public boolean isPair() {
    return instruct.isPresent();
  }

  /** The name its base model gets here. */
  public String baseName() {
    return name + BASE;
  }

  /** The name its instruct model gets here; empty where it has none. */
  public String instructName() {
    return instruct.map(model -> name + INSTRUCT).orElse("");
  }

  /** Where each of its models comes from, by the name it gets here; base first. */
  public SortedMap<String, ModelSource> models() {
    SortedMap<String, ModelSource> models = new TreeMap<>();
    models.put(baseName(), base);
    instruct.ifPresent(model -> models.put(instructName(), model));
    return models;
  }
}

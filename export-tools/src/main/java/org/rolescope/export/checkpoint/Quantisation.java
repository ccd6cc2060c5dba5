package org.rolescope.export.checkpoint;

import java.util.List;
import java.util.regex.Pattern;
import org.rolescope.fault.RolescopeException;

/**
 * Which types the weights of a checkpoint were quantised to before they came into it, a setting of
 * Rolescope's own in {@code config.json}. Other tools ignore it.
 */
public final class Quantisation {
  /** Name of the setting: a list of types, as their format names them. */
  public static final String FIELD = "rolescope_quantisation";

  private static final int MAX_TYPES = 64;
  private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9_]{1,32}");

  private Quantisation() {}

  /**
   * The types; empty for weights as trained.
   *
   * @throws RolescopeException MALFORMED_MODEL where the setting is no list of names
   */
  public static List<String> of(Configuration configuration) {
    List<String> types = configuration.texts(FIELD);
    if (types.size() > MAX_TYPES || !types.stream().allMatch(TYPE.asMatchPredicate())) {
      throw configuration.malformed(FIELD, "is no list of at most 64 names of types");
    }
    return types;
  }
}

package org.rolescope.tensors.bundle;

import java.util.regex.Pattern;

/**
 * What a model may be called. Its name is the name of its bundle's folder, so it cannot lead
 * elsewhere.
 */
public final class ModelName {
  private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

  private ModelName() {}

  /** Whether a model may have this name. */
  public static boolean isValid(String name) {
    return PATTERN.matcher(name).matches();
  }
}

package org.rolescope.inference.session;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** The numbers matrix products are computed in. All else is float32. */
public enum ComputeType {
  /** Single precision. */
  FLOAT32,
  /** Half precision: half the memory, and the fast units of GPUs. */
  FLOAT16;

  /** The name in configuration and results, for example {@code float16}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The type of a name.
   *
   * @throws RolescopeException INVALID_ARGUMENT where there is none of that name
   */
  public static ComputeType of(String label) {
    return Arrays.stream(values())
        .filter(type -> type.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new RolescopeException(
                    FaultCode.INVALID_ARGUMENT,
                    "There is no compute type `%s`; use %s"
                        .formatted(
                            label,
                            Arrays.stream(values())
                                .map(ComputeType::label)
                                .collect(Collectors.joining(" or ")))));
  }
}

package org.rolescope.export.architecture;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** The families that can be exported, and how a configuration names its family. */
final class Families {
  private static final List<Family> SUPPORTED =
      List.of(new Family("llama", "LlamaForCausalLM", Llama::read));

  private Families() {}

  /**
   * A family.
   *
   * @param modelType its {@code model_type} in {@code config.json}
   * @param architecture its class name in {@code architectures}
   * @param read reads a configuration of this family
   */
  record Family(String modelType, String architecture, Function<Configuration, Architecture> read) {
    private boolean matches(List<String> architectures, Optional<String> type) {
      boolean named = !architectures.isEmpty() || type.isPresent();
      return named
          && architectures.stream().allMatch(architecture::equals)
          && type.stream().allMatch(modelType::equals);
    }
  }

  /** The family of a configuration; both of its names must agree where both are given. */
  static Family of(Configuration configuration) {
    List<String> architectures = configuration.texts("architectures");
    Optional<String> type = configuration.text("model_type");
    return SUPPORTED.stream()
        .filter(family -> family.matches(architectures, type))
        .findFirst()
        .orElseThrow(() -> unsupported(configuration, architectures, type));
  }

  private static RolescopeException unsupported(
      Configuration configuration, List<String> architectures, Optional<String> type) {
    String found =
        Stream.concat(architectures.stream(), type.map("model_type %s"::formatted).stream())
            .collect(Collectors.joining(", "));
    String supported =
        SUPPORTED.stream().map(Family::architecture).collect(Collectors.joining(", "));
    return new RolescopeException(
        FaultCode.MALFORMED_MODEL,
        found.isEmpty()
            ? "%s names no architecture; supported are: %s"
                .formatted(configuration.file(), supported)
            : "%s names the architecture %s, which is not supported; supported are: %s"
                .formatted(configuration.file(), found, supported));
  }
}

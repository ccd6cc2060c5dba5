package org.rolescope.export.architecture;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.export.file.Wording;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * A family of models: how its {@code config.json} is read and what its tensors are called. A new
 * family is one implementation, named in the two lists here.
 */
public sealed interface Architecture permits Llama, Mistral, Qwen2, Qwen3, Gpt2 {
  /** The families that can be exported. */
  List<Architecture> SUPPORTED =
      List.of(new Llama(), new Mistral(), new Qwen2(), new Qwen3(), new Gpt2());

  /** Its {@code model_type} in {@code config.json}. */
  String modelType();

  /** Its class name in {@code architectures}. */
  String className();

  /**
   * The model a configuration of this family describes.
   *
   * @throws RolescopeException MALFORMED_MODEL where a setting is not supported, or a value is
   *     missing or absurd
   */
  Decoder read(Configuration configuration);

  /**
   * The model a configuration describes.
   *
   * @throws RolescopeException MALFORMED_MODEL where the family or a setting is not supported, or a
   *     value is missing or absurd
   */
  static Decoder decoder(Configuration configuration) {
    return of(configuration).read(configuration);
  }

  /**
   * The family of a configuration; both of its names must agree where both are given.
   *
   * @throws RolescopeException MALFORMED_MODEL where the family is not supported
   */
  static Architecture of(Configuration configuration) {
    List<String> classNames = configuration.texts("architectures");
    Optional<String> type = configuration.text("model_type");
    boolean named = !classNames.isEmpty() || type.isPresent();
    return SUPPORTED.stream()
        .filter(family -> named)
        .filter(family -> classNames.stream().allMatch(family.className()::equals))
        .filter(family -> type.stream().allMatch(family.modelType()::equals))
        .findFirst()
        .orElseThrow(() -> unsupported(configuration, classNames, type));
  }

  private static RolescopeException unsupported(
      Configuration configuration, List<String> classNames, Optional<String> type) {
    String found =
        Stream.concat(classNames.stream(), type.map("model_type %s"::formatted).stream())
            .collect(Collectors.joining(", "));
    String supported =
        SUPPORTED.stream().map(Architecture::className).collect(Collectors.joining(", "));
    return new RolescopeException(
        FaultCode.MALFORMED_MODEL,
        found.isEmpty()
            ? "%s names no architecture; supported are: %s"
                .formatted(configuration.file(), supported)
            : "%s names the architecture %s, which is not supported; supported are: %s"
                .formatted(configuration.file(), Wording.oneLine(found), supported));
  }
}

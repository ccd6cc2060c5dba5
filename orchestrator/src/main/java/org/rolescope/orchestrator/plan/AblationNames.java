package org.rolescope.orchestrator.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.rolescope.v1.AblatedSite;
import org.rolescope.v1.Ablation;
import org.rolescope.v1.AblationMethod;

/** Ablations in the words of the published study. */
public final class AblationNames {
  private static final String METHOD = "ABLATION_METHOD_";

  private AblationNames() {}

  /** A method's name, for example {@code zero_out}. */
  public static String method(AblationMethod method) {
    return method.name().substring(METHOD.length()).toLowerCase(Locale.ROOT);
  }

  /** The method of a name, or nothing where there is none. */
  public static Optional<AblationMethod> method(String name) {
    return methods().stream().filter(method -> method(method).equals(name)).findFirst();
  }

  /** All names of methods, for a sentence. */
  public static String allMethods() {
    return methods().stream().map(AblationNames::method).collect(Collectors.joining(", "));
  }

  /**
   * The name of an ablation's folder: {@code sh_29_26_zero_out} for a single head, {@code
   * ah_29_zero_out} for all heads of a layer, {@code mlp_29_zero_out}.
   */
  public static String folder(Ablation ablation) {
    String layer = Integer.toUnsignedString(ablation.getLayer());
    String method = method(ablation.getMethod());
    if (ablation.getSite() == AblatedSite.ABLATED_SITE_MLP) {
      return "mlp_%s_%s".formatted(layer, method);
    }
    return ablation.hasHead()
        ? "sh_%s_%s_%s".formatted(layer, Integer.toUnsignedString(ablation.getHead()), method)
        : "ah_%s_%s".formatted(layer, method);
  }

  private static List<AblationMethod> methods() {
    return Arrays.stream(AblationMethod.values())
        .filter(
            method ->
                method != AblationMethod.ABLATION_METHOD_UNSPECIFIED
                    && method != AblationMethod.UNRECOGNIZED)
        .toList();
  }
}

package org.rolescope.bench.checkpoint;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * Sizes of a model everybody knows.
 *
 * @param name name on the command line
 * @param family architecture
 * @param layers transformer blocks
 * @param hidden width of the residual stream
 * @param heads attention heads
 * @param keyValueHeads key/value heads
 * @param intermediate width of the MLP
 * @param vocabulary tokens
 * @param context longest prompt in tokens
 * @param tied whether the embedding is also the output matrix
 * @param ropeTheta base of the rotary frequencies
 */
public record ModelShape(
    String name,
    Family family,
    int layers,
    int hidden,
    int heads,
    int keyValueHeads,
    int intermediate,
    int vocabulary,
    int context,
    boolean tied,
    double ropeTheta) {
  private static final List<ModelShape> NAMED =
      List.of(
          new ModelShape(
              "llama-3.1-8b", Family.LLAMA, 32, 4096, 32, 8, 14336, 128256, 131072, false, 5e5),
          new ModelShape(
              "qwen2.5-7b", Family.QWEN2, 28, 3584, 28, 4, 18944, 152064, 131072, false, 1e6),
          new ModelShape(
              "mistral-7b", Family.MISTRAL, 32, 4096, 32, 8, 14336, 32000, 32768, false, 1e4),
          new ModelShape("smollm2-135m", Family.LLAMA, 30, 576, 9, 3, 1536, 49152, 8192, true, 1e5),
          new ModelShape("tiny", Family.LLAMA, 2, 64, 4, 2, 128, 256, 128, true, 1e4));

  /**
   * The shape of this name.
   *
   * @throws RolescopeException INVALID_ARGUMENT where there is none
   */
  public static ModelShape named(String name) {
    return NAMED.stream()
        .filter(shape -> shape.name.equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new RolescopeException(
                    FaultCode.INVALID_ARGUMENT,
                    "There is no shape %s; there are %s".formatted(name, names())));
  }

  /** All names, for help texts. */
  public static String names() {
    return NAMED.stream().map(ModelShape::name).collect(Collectors.joining(", "));
  }

  /**
   * The same with fewer or more layers.
   *
   * @throws RolescopeException INVALID_ARGUMENT below 1
   */
  public ModelShape withLayers(int count) {
    if (count < 1) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT, "%d layers are no model; give at least 1".formatted(count));
    }
    return new ModelShape(
        name,
        family,
        count,
        hidden,
        heads,
        keyValueHeads,
        intermediate,
        vocabulary,
        context,
        tied,
        ropeTheta);
  }

  /** Width of a head. */
  public int headSize() {
    return hidden / heads;
  }
}

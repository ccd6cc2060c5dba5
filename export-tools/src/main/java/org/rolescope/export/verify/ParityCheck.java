package org.rolescope.export.verify;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.rolescope.tensors.Shape;
import org.rolescope.tensors.bundle.ModelRuntime;
import org.rolescope.tensors.bundle.ParityCertificate;
import org.rolescope.tensors.bundle.ParityCertificate.TapParity;
import org.rolescope.tensors.bundle.ParityCertificate.Verdict;

/**
 * Compares what a bundle computed with what it should have, tensor by tensor, and draws the
 * verdict. The error of a tensor is its largest difference: absolute for {@code pattern}, divided
 * by the range (largest minus smallest expected value) for {@code value_norm}, {@code z}, {@code
 * resid_post} and {@code logits}. Tolerated is 1e-5 for patterns and 1e-4 for the others; up to a
 * hundred times as much is DEGRADED. A value that is not finite, another shape, or a tensor that
 * never came is WRONG. Not thread-safe.
 */
public final class ParityCheck {
  private static final double DEGRADED_UP_TO = 100;

  private final List<TapKind> layerTaps;
  private final int layerCount;
  private final int promptCount;
  private final IntFunction<String> stageOf;
  private final Map<TapKey, TapFinding> findings = new HashMap<>();

  /**
   * Begins a check.
   *
   * @param layerTaps taps that every layer has to give, in the order they run
   * @param layerCount layers that have to come
   * @param promptCount prompts that have to come
   * @param stageOf stage file of a layer, for the sentence; layerCount stands for the logits
   */
  public ParityCheck(
      List<String> layerTaps, int layerCount, int promptCount, IntFunction<String> stageOf) {
    this.layerTaps = layerTaps.stream().map(ParityCheck::kind).toList();
    this.layerCount = layerCount;
    this.promptCount = promptCount;
    this.stageOf = stageOf;
  }

  /**
   * Compares a tap of one prompt.
   *
   * @param expected as it should be
   * @param shape as the bundle gave it, without the batch axis
   * @param actual as the bundle gave it, row-major
   * @throws IllegalArgumentException where the tap is not one that is compared
   */
  public void compare(ReferenceTensor expected, Shape shape, FloatBuffer actual) {
    TapKind kind = kind(expected.tap());
    TapKey tap = new TapKey(kind == TapKind.LOGITS ? layerCount : expected.layer(), kind);
    TapFinding before = found(tap);
    findings.put(
        tap,
        shape.equals(expected.shape())
            ? before.with(kind.error(expected.values(), actual.duplicate()))
            : before.with(shape, expected.shape()));
  }

  /**
   * The certificate over all that was compared.
   *
   * @param rolescopeVersion version that verifies
   * @param runtime what ran the bundle, which decides how much is tolerated
   */
  public ParityCertificate certificate(String rolescopeVersion, ModelRuntime runtime) {
    List<TapKey> taps = expectedTaps();
    Tolerance tolerance = Tolerance.of(runtime);
    return new ParityCertificate(
        taps.stream()
            .map(tap -> verdict(tap, tolerance))
            .max(Comparator.naturalOrder())
            .orElseThrow(),
        rolescopeVersion,
        runtime.software(),
        runtime.device(),
        runtime.computeType(),
        promptCount,
        taps.stream().map(tap -> parity(tap, tolerance)).toList(),
        taps.stream()
            .filter(tap -> verdict(tap, tolerance) != Verdict.SUPPORTED)
            .findFirst()
            .map(tap -> describe(tap, tolerance))
            .orElse(null));
  }

  /** Every tap there should be, in the order they run. */
  private List<TapKey> expectedTaps() {
    List<TapKey> taps = new ArrayList<>();
    for (int layer = 0; layer < layerCount; layer++) {
      for (TapKind kind : layerTaps) {
        taps.add(new TapKey(layer, kind));
      }
    }
    taps.add(new TapKey(layerCount, TapKind.LOGITS));
    return taps;
  }

  private static TapKind kind(String tap) {
    return TapKind.of(tap)
        .orElseThrow(() -> new IllegalArgumentException("there is no tap " + tap));
  }

  private TapFinding found(TapKey tap) {
    return findings.getOrDefault(tap, TapFinding.NONE);
  }

  private TapParity parity(TapKey tap, Tolerance tolerance) {
    return new TapParity(
        tap.kind().tap(),
        tap.kind() == TapKind.LOGITS ? 0 : tap.layer(),
        found(tap).error(promptCount),
        tolerance.of(tap.kind()));
  }

  /** Written so that NaN is WRONG. */
  private Verdict verdict(TapKey tap, Tolerance tolerance) {
    double error = found(tap).error(promptCount);
    double limit = tolerance.of(tap.kind());
    if (error <= limit) {
      return Verdict.SUPPORTED;
    }
    return error <= DEGRADED_UP_TO * limit ? Verdict.DEGRADED : Verdict.WRONG;
  }

  private String describe(TapKey tap, Tolerance tolerance) {
    String stage = stageOf.apply(tap.layer());
    String place =
        tap.kind() == TapKind.LOGITS
            ? "logits (stage %s)".formatted(stage)
            : "%s of layer %d (stage %s)".formatted(tap.kind().tap(), tap.layer(), stage);
    return place + ": " + found(tap).describe(tap.kind(), tolerance.of(tap.kind()), promptCount);
  }
}

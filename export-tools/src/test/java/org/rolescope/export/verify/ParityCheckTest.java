package org.rolescope.export.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.Shape;
import org.rolescope.tensors.bundle.ModelRuntime;
import org.rolescope.tensors.bundle.ParityCertificate;
import org.rolescope.tensors.bundle.ParityCertificate.TapParity;
import org.rolescope.tensors.bundle.ParityCertificate.Verdict;

class ParityCheckTest {
  private static final int LAYERS = 3;
  private static final int PROMPTS = 2;
  private static final List<String> TAPS = List.of("pattern", "z", "resid_post");
  private static final Shape SHAPE = Shape.of(new Axis(Axis.POS, 4), new Axis(Axis.D_MODEL, 8));

  /** What a bundle gives for a tap of a prompt. */
  @FunctionalInterface
  private interface Bundle {
    void give(ParityCheck check, ReferenceTensor expected, int prompt);
  }

  @Test
  void moreIsToleratedWhereMoreIsRounded() {
    assertEquals(1e-5, Tolerance.of(ModelRuntime.ofCpu("f")).of(TapKind.PATTERN));
    assertEquals(
        1e-4, Tolerance.of(new ModelRuntime("f", "cuda", "float32")).of(TapKind.PATTERN), 1e-18);
    assertEquals(0.05, Tolerance.of(new ModelRuntime("f", "cpu", "float16")).of(TapKind.Z));
  }

  @Test
  void whatIsEqualToFloatPrecisionIsSupported() {
    ParityCertificate certificate = certificate(ParityCheckTest::faithful);
    assertEquals(Verdict.SUPPORTED, certificate.verdict());
    assertNull(certificate.firstDifference());
    assertEquals(3 * LAYERS + 1, certificate.taps().size());
    assertEquals(new TapParity("z", 1, 0, 1e-4).tolerance(), certificate.taps().get(4).tolerance());
    assertEquals("logits", certificate.taps().getLast().tap());
    assertEquals(0, certificate.taps().getLast().layer());
    assertEquals(PROMPTS, certificate.promptCount());
    assertEquals("1.2.3", certificate.rolescopeVersion());
    assertTrue(certificate.taps().stream().allMatch(tap -> tap.maxError() < 1e-7));
  }

  /** The expected values span 20, so that 2e-3 is 1e-4 of the range. */
  @ParameterizedTest
  @CsvSource({
    "pattern, 0.9e-5, SUPPORTED",
    "pattern, 1.1e-5, DEGRADED",
    "pattern, 0.9e-3, DEGRADED",
    "pattern, 1.1e-3, WRONG",
    "z, 1.9e-3, SUPPORTED",
    "z, 2.1e-3, DEGRADED",
    "resid_post, 0.19, DEGRADED",
    "resid_post, 0.21, WRONG",
    "logits, 1.9e-3, SUPPORTED",
    "logits, 0.21, WRONG",
    "logits, NaN, WRONG",
    "z, Infinity, WRONG",
    "pattern, -Infinity, WRONG"
  })
  void theLargestDifferenceDecides(String tap, float difference, Verdict verdict) {
    ParityCertificate certificate = certificate(altering(tap, 1, value -> value + difference));
    assertEquals(verdict, certificate.verdict(), certificate::toString);
    if (verdict == Verdict.SUPPORTED) {
      assertNull(certificate.firstDifference());
    } else {
      String stage = tap.equals("logits") ? "logits (stage 3.onnx)" : tap + " of layer 1 (stage 1";
      assertTrue(certificate.firstDifference().startsWith(stage), certificate.firstDifference());
    }
  }

  @Test
  void theFirstDifferenceIsTheFirstThatRuns() {
    ParityCertificate certificate =
        certificate(
            (check, expected, prompt) -> {
              boolean off = expected.layer() > 1 || expected.tap().equals("resid_post");
              float shift = off ? 0.01f * (1 + expected.layer()) : 0;
              altering(expected.tap(), expected.layer(), value -> value + shift)
                  .give(check, expected, prompt);
            });
    assertEquals(Verdict.WRONG, certificate.verdict());
    assertEquals(
        "resid_post of layer 0 (stage 0.onnx): differs by 5.0e-04 of its range, tolerated is 1e-04",
        certificate.firstDifference());
  }

  @Test
  void anotherShapeIsWrong() {
    Shape other = Shape.of(new Axis(Axis.POS, 8), new Axis(Axis.D_MODEL, 4));
    ParityCertificate certificate =
        certificate(
            (check, expected, prompt) -> {
              boolean off = expected.tap().equals("z") && expected.layer() == 2 && prompt == 1;
              check.compare(expected, off ? other : SHAPE, floats(expected));
            });
    assertEquals(Verdict.WRONG, certificate.verdict());
    assertEquals(
        "z of layer 2 (stage 2.onnx): has the shape [pos 8, d_model 4] instead of [pos 4, d_model 8]",
        certificate.firstDifference());
    assertTrue(Double.isNaN(certificate.taps().get(7).maxError()));
  }

  @Test
  void aTapThatNeverCameIsWrong() {
    ParityCertificate certificate =
        certificate(
            (check, expected, prompt) -> {
              if (prompt == 0 || !expected.tap().equals("logits")) {
                faithful(check, expected, prompt);
              }
            });
    assertEquals(Verdict.WRONG, certificate.verdict());
    assertEquals("logits (stage 3.onnx): came for 1 of 2 prompts", certificate.firstDifference());
  }

  @Test
  void nothingAtAllIsWrong() {
    ParityCertificate certificate =
        new ParityCheck(TAPS, 1, 1, layer -> "s")
            .certificate("1.2.3", ModelRuntime.ofCpu("fake 1.0"));
    assertEquals(Verdict.WRONG, certificate.verdict());
  }

  @Test
  void valueNormsAreComparedWhereTheBundleHasThem() {
    List<String> taps = List.of("value_norm", "pattern", "z", "resid_post");
    ParityCheck check = new ParityCheck(taps, 1, 1, layer -> "s");
    for (String tap : taps) {
      check.compare(new ReferenceTensor(tap, 0, SHAPE, values(0)), SHAPE, floats(values(0)));
    }
    FloatBuffer off = floats(values(0)).put(7, 7);
    check.compare(new ReferenceTensor("logits", 0, SHAPE, values(0)), SHAPE, off);
    ParityCertificate certificate = check.certificate("1.2.3", ModelRuntime.ofCpu("fake 1.0"));
    assertEquals(
        List.of("value_norm", "pattern", "z", "resid_post", "logits"),
        certificate.taps().stream().map(TapParity::tap).toList());
    assertTrue(certificate.firstDifference().startsWith("logits"), certificate::firstDifference);
    assertEquals(
        "value_norm of layer 0 (stage s): came for 0 of 1 prompts",
        new ParityCheck(taps, 1, 1, layer -> "s")
            .certificate("1", ModelRuntime.ofCpu("f"))
            .firstDifference());
  }

  @Test
  void anUnknownTapIsRefused() {
    ParityCheck check = new ParityCheck(TAPS, 1, 1, layer -> "s");
    ReferenceTensor tensor = new ReferenceTensor("scores", 0, SHAPE, new double[32]);
    assertThrows(
        IllegalArgumentException.class, () -> check.compare(tensor, SHAPE, floats(tensor)));
  }

  private static ParityCertificate certificate(Bundle bundle) {
    ParityCheck check = new ParityCheck(TAPS, LAYERS, PROMPTS, layer -> layer + ".onnx");
    for (int layer = 0; layer < LAYERS; layer++) {
      for (String tap : TAPS) {
        give(check, bundle, tap, layer);
      }
    }
    give(check, bundle, "logits", 0);
    return check.certificate("1.2.3", ModelRuntime.ofCpu("fake 1.0"));
  }

  private static void give(ParityCheck check, Bundle bundle, String tap, int layer) {
    for (int prompt = 0; prompt < PROMPTS; prompt++) {
      bundle.give(check, new ReferenceTensor(tap, layer, SHAPE, values(prompt)), prompt);
    }
  }

  /** Values that float can hold, from -10 to 10. */
  private static double[] values(int prompt) {
    double[] values = new Random(prompt).ints(32, -160, 161).mapToDouble(i -> i / 16.0).toArray();
    values[3] = -10;
    values[20] = 10;
    return values;
  }

  private static void faithful(ParityCheck check, ReferenceTensor expected, int prompt) {
    check.compare(expected, SHAPE, floats(expected));
  }

  /** Alters one value of one prompt at one tap; layer is 0 for the logits. */
  private static Bundle altering(String tap, int layer, UnaryOperator<Float> change) {
    return (check, expected, prompt) -> {
      FloatBuffer values = floats(expected);
      boolean here = tap.equals("logits") || expected.layer() == layer;
      if (expected.tap().equals(tap) && here && prompt == 1) {
        values.put(7, change.apply(values.get(7)));
      }
      check.compare(expected, SHAPE, values);
    };
  }

  private static FloatBuffer floats(ReferenceTensor expected) {
    double[] values = new double[expected.values().remaining()];
    expected.values().get(values);
    return floats(values);
  }

  private static FloatBuffer floats(double[] values) {
    FloatBuffer buffer = FloatBuffer.allocate(values.length);
    for (double value : values) {
      buffer.put((float) value);
    }
    return buffer.flip();
  }
}

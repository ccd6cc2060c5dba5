package org.rolescope.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jetbrains.bio.npy.NpyArray;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rolescope.inference.grpc.InferenceServer.Captured;
import org.rolescope.inference.session.ComputeType;
import org.rolescope.inference.session.Device;
import org.rolescope.inference.session.Execution;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.Tap;

/**
 * Interventions on every architecture, against arrays of Hugging Face transformers 4.57.3 (PyTorch
 * 2.5.1, eager attention, float32) whose weights and outputs were changed by hooks;
 * reference/interventions/make_golden.py made them.
 */
@Timeout(300)
final class InterventionGoldenIT {
  /** Absolute for patterns, of the range of the array for all else. */
  private static final double TOLERANCE = 1e-5;

  /** What half precision loses in models whose weights are this wild. */
  private static final double HALF_TOLERANCE = 2e-2;

  @TempDir static Path models;
  private static InferenceServer server;

  @BeforeAll
  static void start() throws IOException {
    InterventionCases.export(models);
    server = InferenceServer.start(models);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    server.close();
    assertThat(NativeHandles.open()).isZero();
    assertThat(NativeHandles.resident()).isZero();
  }

  static Stream<Arguments> models() {
    return InterventionCases.MODELS.stream()
        .flatMap(name -> Stream.of(Arguments.of(name, 1), Arguments.of(name, 2)));
  }

  /** Each case in a request of its own, beside prompts that it leaves alone. */
  @ParameterizedTest(name = "{0}, layers a stage: {1}")
  @MethodSource("models")
  void oneInterventionAtATimeEqualsHooks(String name, int layersPerStage) {
    List<String> texts = GoldenCase.read(name).texts();
    String model = name + "-" + layersPerStage;
    Map<String, Double> worst = new TreeMap<>();
    try (InterventionCases cases = InterventionCases.read(name)) {
      for (int index = 0; index < cases.count(); index++) {
        int prompt = cases.prompt(index);
        Captured captured =
            server.capture(request(model, texts, List.of(cases.intervention(index, prompt))));
        compare(cases, index, captured, prompt, worst);
      }
    }
    report(model, worst, TOLERANCE);
  }

  /** All cases in one request, each on a prompt of its own, so that they share batches. */
  @ParameterizedTest(name = "{0}, layers a stage: {1}")
  @MethodSource("models")
  void interventionsThatShareABatchEqualHooks(String name, int layersPerStage) {
    report(
        name + "-" + layersPerStage + " at once", atOnce(server, name, layersPerStage), TOLERANCE);
  }

  @ParameterizedTest(name = "{0}, layers a stage: {1}")
  @MethodSource("models")
  void halfPrecisionIsNearHooks(String name, int layersPerStage)
      throws IOException, InterruptedException {
    InferenceServer half =
        InferenceServer.start(models, new Execution(Device.CPU, ComputeType.FLOAT16));
    try {
      report(
          name + "-" + layersPerStage + " in float16",
          atOnce(half, name, layersPerStage),
          HALF_TOLERANCE);
    } finally {
      half.close();
    }
  }

  private static Map<String, Double> atOnce(InferenceServer at, String name, int layersPerStage) {
    List<String> golden = GoldenCase.read(name).texts();
    Map<String, Double> worst = new TreeMap<>();
    try (InterventionCases cases = InterventionCases.read(name)) {
      List<String> texts = new ArrayList<>();
      List<Intervention> interventions = new ArrayList<>();
      for (int index = 0; index < cases.count(); index++) {
        texts.add(golden.get(cases.prompt(index)));
        interventions.add(cases.intervention(index, index));
      }
      Captured captured = at.capture(request(name + "-" + layersPerStage, texts, interventions));
      for (int index = 0; index < cases.count(); index++) {
        compare(cases, index, captured, index, worst);
      }
    }
    return worst;
  }

  private static void compare(
      InterventionCases cases,
      int index,
      Captured captured,
      int prompt,
      Map<String, Double> worst) {
    List<String> names = new ArrayList<>(cases.arrayNames(index));
    assertThat(names).filteredOn(name -> name.endsWith("pattern")).isNotEmpty();
    for (String name : names) {
      boolean logits = name.equals("logits");
      int layer = logits ? -1 : Integer.parseInt(name.substring(1, name.indexOf('_')));
      String tap = logits ? name : name.substring(name.indexOf('_') + 1);
      NpyArray expected = cases.array(index, name);
      double difference =
          CapturedTensors.worstDifference(
              expected.asFloatArray(), CapturedTensors.of(captured, tap, layer, prompt));
      worst.merge(
          cases.name(index) + " " + tap,
          tap.equals("pattern") ? difference : difference / range(expected.asFloatArray()),
          Math::max);
    }
  }

  private static void report(String what, Map<String, Double> worst, double tolerance) {
    double most = worst.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    System.out.printf(Locale.ROOT, "InterventionGoldenIT %s: worst difference %.1e%n", what, most);
    assertThat(worst)
        .as(what)
        .allSatisfy((name, difference) -> assertThat(difference).as(name).isLessThan(tolerance));
  }

  /** An array of zeros, such as z of heads that are out, has range 1. */
  private static double range(float[] values) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return high > low ? (double) high - low : 1;
  }

  private static CaptureRequest request(
      String model, List<String> texts, List<Intervention> interventions) {
    return CaptureRequest.newBuilder()
        .setModel(model)
        .addAllPrompts(texts)
        .addTaps(Tap.TAP_PATTERN)
        .addTaps(Tap.TAP_Z)
        .addTaps(Tap.TAP_RESID_POST)
        .addTaps(Tap.TAP_LOGITS)
        .addAllInterventions(interventions)
        .build();
  }
}

package org.rolescope.orchestrator.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rolescope.orchestrator.testing.AblationPlans.answer;
import static org.rolescope.orchestrator.testing.AblationPlans.head;
import static org.rolescope.orchestrator.testing.AblationPlans.layer;
import static org.rolescope.orchestrator.testing.AblationPlans.mlp;
import static org.rolescope.orchestrator.testing.AblationPlans.named;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.json.Json;
import org.rolescope.orchestrator.plan.InterventionPlan;
import org.rolescope.orchestrator.testing.AblationPlans;
import org.rolescope.orchestrator.testing.Bench;
import org.rolescope.orchestrator.testing.FakeModel;
import org.rolescope.orchestrator.testing.FakePatching;
import org.rolescope.orchestrator.testing.Folders;
import org.rolescope.orchestrator.testing.Plans;
import org.rolescope.v1.Ablation;
import org.rolescope.v1.AblationMethod;
import org.rolescope.v1.AnswerTexts;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CompareLogitsRequest;
import org.rolescope.v1.HeadIntervention;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.InterventionEffect;
import org.rolescope.v1.InterventionResults;
import org.rolescope.v1.LayerRange;
import org.rolescope.v1.MeasureEntropiesRequest;
import org.rolescope.v1.NamedIntervention;
import org.rolescope.v1.Parity;
import org.rolescope.v1.StepProgress;
import org.rolescope.v1.Tap;
import org.rolescope.v1.TokenizedPrompt;

/** Ablation runs over real gRPC on fakes. */
final class InterventionsTest {
  private static final Offset<Double> EXACTLY = Offset.offset(1e-12);
  private static final String FOLDER = "results_tiny_activation/latest_intervention/";

  @TempDir private Path root;

  @Test
  void tellsOfEveryStepAndKeepsTheStudysLayout() throws IOException {
    try (Bench bench = new Bench(root)) {
      List<StepProgress> steps = new ArrayList<>();
      InterventionResults results =
          bench.interventions().run(AblationPlans.several(), false, false, steps::add);
      assertThat(steps)
          .extracting(StepProgress::getStep)
          .containsExactly(
              "",
              "entropies of layer 0",
              "entropies of layer 1",
              "entropies of layer 2",
              "logits",
              "mean of MLP of layer 0",
              "mean of heads of layer 2",
              "sh_1_0_zero_out",
              "mlp_0_mean",
              "both",
              "effects.csv");
      assertThat(steps.getLast().getStepsDone()).isEqualTo(steps.getLast().getStepsTotal());
      Path folder = Path.of(results.getFolder());
      assertThat(folder.getParent()).isEqualTo(root.toAbsolutePath().resolve("interventions"));
      assertThat(results.getArtifactsList())
          .contains(
              "effects.csv",
              "results.json",
              FOLDER + "sh_1_0_zero_out/activations.json",
              FOLDER + "sh_1_0_zero_out/effects.json",
              FOLDER + "sh_1_0_zero_out/intervention_config.json")
          .hasSize(11)
          .allSatisfy(artifact -> assertThat(folder.resolve(artifact)).exists());
      assertThat(Files.readAllLines(folder.resolve("effects.csv"))).hasSize(1 + 2 + 3 + 2);
      assertThat(results.getEffectsList())
          .extracting(effect -> effect.getIntervention().getName())
          .containsExactly("sh_1_0_zero_out", "mlp_0_mean", "both");
    }
  }

  @Test
  void measuresFromTheFirstChangedLayerAndComparesTheSamePrompts() throws IOException {
    try (Bench bench = new Bench(root)) {
      InterventionResults results =
          bench
              .interventions()
              .run(
                  AblationPlans.of(named("a", head(1, 0, AblationMethod.ABLATION_METHOD_ZERO_OUT))),
                  false,
                  false,
                  step -> {});
      List<MeasureEntropiesRequest> measured = bench.metrics().requests();
      assertThat(measured)
          .extracting(MeasureEntropiesRequest::getLayers)
          .containsExactly(layers(0), layers(1));
      List<Intervention> changes = measured.getLast().getInterventionsList();
      assertThat(changes).hasSize(1);
      assertThat(changes.getFirst().getHeads().getHeadsList()).containsExactly(0);
      assertThat(changes.getFirst().getHeads().getPatternScale()).isZero();

      InterventionEffect effect = results.getEffects(0);
      assertThat(effect.getLayersList()).extracting(each -> each.getLayer()).containsExactly(1, 2);
      List<Double> divergences = new ArrayList<>();
      for (TokenizedPrompt prompt : tokens()) {
        List<Long> ids = prompt.getTokenIdsList();
        divergences.add(kl(model().logits(ids), model().logits(ids, changes)));
      }
      for (int prompt = 0; prompt < divergences.size(); prompt++) {
        assertThat(effect.getPrompts(prompt).getKlNats())
            .isCloseTo(divergences.get(prompt), EXACTLY);
        assertThat(effect.getPrompts(prompt).getCleanLogitDifference()).isNaN();
      }
      assertThat(effect.getDivergencesList())
          .extracting(each -> each.getCategory())
          .containsExactly("self_referent", "confounder", "neutral", "third_person");
      assertThat(effect.getDivergences(1).getMeanKlNats())
          .isCloseTo((divergences.get(2) + divergences.get(3)) / 2, EXACTLY);

      JsonNode activations =
          Json.read(
              Files.readAllBytes(
                  Path.of(results.getFolder()).resolve(FOLDER + "a/activations.json")));
      for (int layer = 0; layer < Bench.LAYERS; layer++) {
        double expected =
            FakeModel.entropyNats(
                model().pattern(layer, tokens().get(0).getTokenIdsList(), changes)[0]);
        assertThat(activations.at("/layers/%d/entropy_exact_nats/0/0".formatted(layer)).asDouble())
            .isCloseTo(expected, EXACTLY);
      }
    }
  }

  @Test
  void meansAreThoseOfTheNeutralPrompts() {
    try (Bench bench = new Bench(root)) {
      bench
          .interventions()
          .run(
              AblationPlans.of(
                  named("head", head(2, 1, AblationMethod.ABLATION_METHOD_MEAN)),
                  named("layer", layer(2, AblationMethod.ABLATION_METHOD_MEAN)),
                  named("mlp", mlp(0, AblationMethod.ABLATION_METHOD_MEAN))),
              false,
              false,
              step -> {});
      List<MeasureEntropiesRequest> measured = bench.metrics().requests();
      float[] z = mean("z", 2);
      assertThat(floats(measured.get(2).getInterventions(0).getHeads().getConstantZ().getValues()))
          .containsExactly(z);
      assertThat(floats(measured.get(1).getInterventions(0).getHeads().getConstantZ().getValues()))
          .containsExactly(Arrays.copyOfRange(z, 4, 8));
      List<ByteString> patch =
          measured.get(3).getInterventions(0).getMlp().getPatch().getValuesList();
      float[] output = mean("mlp_out", 0);
      assertThat(patch).hasSize(tokens().size());
      for (int prompt = 0; prompt < patch.size(); prompt++) {
        int positions = tokens().get(prompt).getTokenIdsCount();
        assertThat(patch.get(prompt).size()).isEqualTo(positions * output.length * Float.BYTES);
        for (int position = 0; position < positions; position++) {
          assertThat(
                  floats(
                      patch
                          .get(prompt)
                          .substring(
                              position * output.length * Float.BYTES,
                              (position + 1) * output.length * Float.BYTES)))
              .containsExactly(output);
        }
      }
      assertThat(bench.inference().requests().stream().filter(InterventionsTest::takesOutputs))
          .as("a place is captured once")
          .hasSize(2)
          .allSatisfy(
              request ->
                  assertThat(request.getPromptsList())
                      .isEqualTo(Plans.prompts().categories().get(2).prompts()));
    }
  }

  @Test
  void everyMethodBecomesItsIntervention() {
    List<NamedIntervention> all = new ArrayList<>();
    for (AblationMethod method :
        List.of(
            AblationMethod.ABLATION_METHOD_HALF_OUT,
            AblationMethod.ABLATION_METHOD_UNIFORM,
            AblationMethod.ABLATION_METHOD_RANDOM,
            AblationMethod.ABLATION_METHOD_REFERENCE_UNIFORM,
            AblationMethod.ABLATION_METHOD_REFERENCE_RANDOM)) {
      all.add(named(method.name(), layer(1, method).toBuilder().setSeed(5).build()));
    }
    all.add(named("mlp_zero", mlp(1, AblationMethod.ABLATION_METHOD_ZERO_OUT)));
    all.add(named("mlp_half", mlp(1, AblationMethod.ABLATION_METHOD_HALF_OUT)));
    try (Bench bench = new Bench(root)) {
      bench
          .interventions()
          .run(AblationPlans.of(all.toArray(NamedIntervention[]::new)), false, false, step -> {});
      List<Intervention> sent =
          bench.metrics().requests().stream()
              .skip(1)
              .map(request -> request.getInterventions(0))
              .toList();
      assertThat(sent.subList(0, 5))
          .extracting(intervention -> intervention.getHeads().getMethodCase())
          .containsExactly(
              HeadIntervention.MethodCase.PATTERN_SCALE,
              HeadIntervention.MethodCase.UNIFORM,
              HeadIntervention.MethodCase.RANDOM,
              HeadIntervention.MethodCase.REFERENCE_UNIFORM,
              HeadIntervention.MethodCase.REFERENCE_RANDOM);
      assertThat(sent).allSatisfy(each -> assertThat(each.getHeads().getHeadsList()).isEmpty());
      assertThat(sent.get(0).getHeads().getPatternScale()).isEqualTo(0.5f);
      assertThat(sent.get(2).getHeads().getRandom().getSeed()).isEqualTo(5);
      assertThat(sent.get(4).getHeads().getReferenceRandom().getSeed()).isEqualTo(5);
      assertThat(sent.get(5).getMlp().getScale()).isZero();
      assertThat(sent.get(6).getMlp().getScale()).isEqualTo(0.5f);
    }
  }

  @Test
  void answersAreToldApartByTheirFirstTokens() {
    List<AnswerTexts> answers =
        new ArrayList<>(Collections.nCopies(tokens().size(), answer("yes sir", "no")));
    answers.set(3, answer("maybe", "never"));
    InterventionPlan plan =
        AblationPlans.answered(
            answers, named("a", layer(0, AblationMethod.ABLATION_METHOD_HALF_OUT)));
    try (Bench bench = new Bench(root)) {
      InterventionResults results = bench.interventions().run(plan, false, false, step -> {});
      int first = 1 + Math.floorMod("maybe".hashCode(), 99);
      int second = 1 + Math.floorMod("never".hashCode(), 99);
      float[] logits = model().logits(tokens().get(3).getTokenIdsList());
      assertThat(results.getEffects(0).getPrompts(3).getCleanLogitDifference())
          .isCloseTo((double) logits[first] - logits[second], Offset.offset(1e-6));
      assertThat(results.getEffects(0).getDivergences(0).getMeanLogitDifferenceChange()).isFinite();
      answers.set(3, answer("yes sir", "yes madam"));
      assertRefused(
          bench,
          AblationPlans.answered(
              answers, named("a", layer(0, AblationMethod.ABLATION_METHOD_HALF_OUT))),
          "begin with the same token");
    }
  }

  @Test
  void goesOnAfterAFailureAtAnyMessage() throws IOException {
    SortedMap<String, String> undisturbed;
    int messages;
    try (Bench bench = new Bench(root.resolve("undisturbed"))) {
      undisturbed = contents(bench);
      messages = bench.trouble().passed();
    }
    assertThat(messages).isGreaterThan(30);
    for (int cut = 0; cut < messages - 10; cut += 7) {
      try (Bench bench = new Bench(root.resolve("cut-" + cut))) {
        bench.trouble().failAfter(cut);
        assertThatThrownBy(() -> contents(bench)).isInstanceOf(RolescopeException.class);
        bench.trouble().never();
        assertThat(contents(bench)).as("cut after message " + cut).isEqualTo(undisturbed);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 25, 45})
  void goesOnAfterItsProcessIsKilled(int messages) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                DyingIntervention.class.getName(),
                root.resolve("killed").toString(),
                Integer.toString(messages))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(9);
    try (Bench killed = new Bench(root.resolve("killed"));
        Bench undisturbed = new Bench(root.resolve("undisturbed"))) {
      assertThat(contents(killed)).isEqualTo(contents(undisturbed));
    }
  }

  @Test
  void aListenerThatThrowsStopsTheWork() throws IOException {
    try (Bench bench = new Bench(root.resolve("stopped"));
        Bench undisturbed = new Bench(root.resolve("undisturbed"))) {
      assertThatThrownBy(
              () ->
                  bench
                      .interventions()
                      .run(
                          AblationPlans.several(),
                          false,
                          false,
                          step -> {
                            if (step.getStepsDone() == 2) {
                              throw new RolescopeException(FaultCode.CANCELLED, "stop");
                            }
                          }))
          .hasMessage("stop");
      assertThat(bench.metrics().requests()).hasSize(1);
      assertThat(contents(bench)).isEqualTo(contents(undisturbed));
    }
  }

  @Test
  void whatIsCompleteIsNotMeasuredAgainUnlessAskedFor() throws IOException {
    try (Bench bench = new Bench(root)) {
      InterventionResults first =
          bench.interventions().run(AblationPlans.several(), false, false, step -> {});
      int measured = bench.metrics().requests().size();
      List<StepProgress> steps = new ArrayList<>();
      assertThat(bench.interventions().run(AblationPlans.several(), false, false, steps::add))
          .isEqualTo(first);
      assertThat(steps).hasSize(1);
      assertThat(steps.getFirst().getStepsDone()).isEqualTo(steps.getFirst().getStepsTotal());
      assertThat(bench.metrics().requests()).hasSize(measured);
      assertThat(bench.interventions().run(AblationPlans.several(), true, false, step -> {}))
          .isEqualTo(first);
      assertThat(bench.metrics().requests()).hasSize(2 * measured);
    }
  }

  @Test
  void theSamePlanIsWorkedOnOnceAtATime() throws Exception {
    try (Bench bench = new Bench(root)) {
      CountDownLatch begun = new CountDownLatch(1);
      bench.trouble().holdAfter(20);
      Future<InterventionResults> working =
          bench
              .executor()
              .submit(
                  () ->
                      bench
                          .interventions()
                          .run(AblationPlans.several(), false, false, step -> begun.countDown()));
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(
              () -> bench.interventions().run(AblationPlans.several(), false, false, step -> {}))
          .isInstanceOfSatisfying(
              RolescopeException.class,
              fault -> assertThat(fault.code()).isEqualTo(FaultCode.CONFLICT));
      bench.trouble().letGo();
      assertThat(working.get(30, TimeUnit.SECONDS).getEffectsCount()).isEqualTo(3);
    }
  }

  @Test
  void aPlanThatDoesNotFitTheModelLeavesNothing() {
    try (Bench bench = new Bench(root)) {
      Ablation good = head(0, 0, AblationMethod.ABLATION_METHOD_ZERO_OUT);
      assertRefused(
          bench,
          AblationPlans.of(named("a", good.toBuilder().setLayer(3).build())),
          "Intervention a names layer 3, but model tiny-base has layers 0 to 2");
      assertRefused(
          bench,
          AblationPlans.of(named("a", good.toBuilder().setHead(-1).build())),
          "Intervention a names head 4294967295, but model tiny-base has heads 0 to 1");
      bench.models().put(new FakeModel("tiny-base", "b".repeat(64), 3, 2, Parity.PARITY_WRONG));
      assertThatThrownBy(
              () -> bench.interventions().run(AblationPlans.several(), false, false, step -> {}))
          .isInstanceOfSatisfying(
              RolescopeException.class,
              fault -> assertThat(fault.code()).isEqualTo(FaultCode.MALFORMED_MODEL));
      assertThat(root.resolve("interventions")).doesNotExist();
      assertThat(
              bench
                  .interventions()
                  .run(AblationPlans.several(), false, true, step -> {})
                  .getEffectsCount())
          .isEqualTo(3);
    }
  }

  private static void assertRefused(Bench bench, InterventionPlan plan, String sentence) {
    assertThatThrownBy(() -> bench.interventions().run(plan, false, false, step -> {}))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.INVALID_ARGUMENT))
        .hasMessageContaining(sentence);
  }

  private static SortedMap<String, String> contents(Bench bench) throws IOException {
    InterventionResults results =
        bench.interventions().run(AblationPlans.several(), false, false, step -> {});
    return Folders.contents(Path.of(results.getFolder()));
  }

  private static boolean takesOutputs(CaptureRequest request) {
    return request.getTapsList().contains(Tap.TAP_Z)
        || request.getTapsList().contains(Tap.TAP_MLP_OUT);
  }

  /** Mean over all positions of both neutral prompts, in double. */
  private static float[] mean(String tap, int layer) {
    double[] sums = new double[8];
    int positions = 0;
    for (TokenizedPrompt prompt : tokens().subList(4, 6)) {
      float[][] outputs = model().outputs(tap, layer, prompt.getTokenIdsList(), 8);
      positions += outputs.length;
      double[] own = new double[8];
      for (float[] position : outputs) {
        for (int index = 0; index < 8; index++) {
          own[index] += position[index];
        }
      }
      for (int index = 0; index < 8; index++) {
        sums[index] += own[index];
      }
    }
    float[] mean = new float[8];
    for (int index = 0; index < 8; index++) {
      mean[index] = (float) (sums[index] / positions);
    }
    return mean;
  }

  private static float[] floats(ByteString bytes) {
    FloatBuffer values =
        bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] floats = new float[values.remaining()];
    values.get(floats);
    return floats;
  }

  private static double kl(float[] clean, float[] other) {
    CompareLogitsRequest.Builder request = CompareLogitsRequest.newBuilder();
    for (int token = 0; token < clean.length; token++) {
      request.addClean(clean[token]).addOther(other[token]);
    }
    return FakePatching.compare(request.build()).getKlNats();
  }

  private static List<TokenizedPrompt> tokens() {
    return model().started(Plans.prompts().texts()).getPromptsList();
  }

  private static FakeModel model() {
    return new FakeModel("tiny-base", "b".repeat(64), Bench.LAYERS, 2);
  }

  private static LayerRange layers(int first) {
    return LayerRange.newBuilder().setFirst(first).setLast(Bench.LAYERS - 1).build();
  }
}

package org.rolescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.cli.CommandProcess.Outcome;
import org.rolescope.orchestrator.client.InferenceClient;
import org.rolescope.rpc.Address;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.CaptureDecoder;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.HeadIntervention;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.LayerRange;
import org.rolescope.v1.MlpIntervention;
import org.rolescope.v1.Patch;
import org.rolescope.v1.Tap;
import org.rolescope.v1.UniformPattern;

/** {@code rolescope intervene} on the demo pair, against captures of the same model. */
@Timeout(900)
final class InterveneIT {
  private static final int PROMPTS = 3;
  private static final int LAYERS = 6;
  private static final Offset<Double> CLOSE = Offset.offset(1e-6);
  private static final String[] SMALL = {
    "--prompts-per-category", Integer.toString(PROMPTS), "--resamples", "50"
  };

  /** One of each kind; the study's grouped form, and ours for several at once. */
  private static final String PLAN =
      """
      [{"name": "sh_2_1_zero", "type": "attention", "layer": 2, "head": 1, "method": "zero_out"},
       {"name": "others", "description": "one by one", "interventions": [
         {"type": "attention", "layer": 1, "head": null, "method": "random", "seed": 4},
         {"type": "attention", "layer": 4, "head": 0, "method": "reference_uniform"},
         {"type": "mlp", "layer": 3, "method": "half_out"}]},
       {"name": "both", "ablations": [
         {"type": "attention", "layer": 0, "head": 5, "method": "half_out"},
         {"type": "attention", "layer": 3, "head": null, "method": "uniform"}]}]
      """;

  @TempDir static Path folder;
  private static CommandProcess server;
  private static ManagedChannel channel;
  private static InferenceClient inference;
  private static Path work;

  @BeforeAll
  static void ablate() throws IOException, InterruptedException {
    String[] demo = {"demo", "--no-raw-patterns", "--data", "one"};
    Outcome measured = CommandProcess.run(folder, with(SMALL, demo));
    assertThat(measured.exitCode()).as(measured.err()).isZero();
    Files.writeString(folder.resolve("plan.json"), PLAN);
    FileTrees.copy(folder.resolve("one/models"), folder.resolve("killed/models"));
    Outcome ablated = plan("one");
    assertThat(ablated.exitCode()).as(ablated.err()).isZero();
    assertThat(ablated.out())
        .contains("5 interventions on demo-base", "sh_2_1_zero_out", "KL neutral", "Artifacts in");
    assertThat(ablated.err()).contains("entropies of layer 5", "mlp_3_half_out");
    work = only("one", "demo-base");
    server =
        CommandProcess.serve(
            folder, new String[] {"--port", "0", "--data", "one"}, "serve", "inference");
    Address address = new Address(server.address());
    channel = address.open();
    inference = new InferenceClient(channel, address);
  }

  @AfterAll
  static void stop() {
    channel.shutdownNow();
    server.close();
  }

  @Test
  void filesLieWhereTheStudyHasThem() throws IOException {
    for (String name :
        List.of(
            "sh_2_1_zero_out",
            "ah_1_random",
            "sh_4_0_reference_uniform",
            "mlp_3_half_out",
            "both")) {
      Path own = artifacts(work).resolve(name);
      assertThat(own.resolve("activations.json")).exists();
      assertThat(own.resolve("effects.json")).exists();
      JsonNode configuration = json(own.resolve("intervention_config.json"));
      assertThat(configuration.at("/model/name").asText()).isEqualTo("demo-base");
      assertThat(configuration.at("/name").asText()).isEqualTo(name);
    }
    assertThat(Files.readAllLines(work.resolve("effects.csv")))
        .hasSize(1 + (LAYERS - 2) + (LAYERS - 1) + (LAYERS - 4) + (LAYERS - 3) + LAYERS)
        .first()
        .asString()
        .startsWith("intervention,layer,delta_self_nats,delta_self_nats_ci_low");
  }

  /** Zero_out of one head, against two captures of our own. */
  @Test
  void divergencesAndEntropiesAreThoseOfCaptures() throws IOException {
    assertAsCaptured(
        "sh_2_1_zero_out",
        Intervention.newBuilder()
            .setLayer(2)
            .setHeads(HeadIntervention.newBuilder().addHeads(1).setPatternScale(0))
            .build());
    assertAsCaptured(
        "both",
        Intervention.newBuilder()
            .setHeads(HeadIntervention.newBuilder().addHeads(5).setPatternScale(0.5f))
            .build(),
        Intervention.newBuilder()
            .setLayer(3)
            .setHeads(HeadIntervention.newBuilder().setUniform(UniformPattern.getDefaultInstance()))
            .build());
    assertAsCaptured(
        "mlp_3_half_out",
        Intervention.newBuilder()
            .setLayer(3)
            .setMlp(MlpIntervention.newBuilder().setScale(0.5f))
            .build());
  }

  @Test
  void rolesChangeByTheEntropiesThatAreThere() throws IOException {
    JsonNode effect = json(artifacts(work).resolve("sh_2_1_zero_out/effects.json"));
    JsonNode activations = json(artifacts(work).resolve("sh_2_1_zero_out/activations.json"));
    JsonNode clean = json(artifacts(work).resolve("sh_4_0_reference_uniform/activations.json"));
    assertThat(effect.get("layers")).hasSize(LAYERS - 2);
    double changed = pooled(activations, 3, "self_referent");
    double before = pooled(clean, 3, "self_referent");
    JsonNode self = effect.get("layers").get(1).get("self_nats");
    assertThat(self.get("value").asDouble()).isCloseTo(changed - before, Offset.offset(1e-9));
    double focus =
        before / pooled(clean, 3, "neutral") - changed / pooled(activations, 3, "neutral");
    JsonNode rfc = effect.get("layers").get(1).get("rfc");
    assertThat(rfc.get("value").asDouble()).isCloseTo(focus, Offset.offset(1e-9));
    assertThat(rfc.at("/confidence/low").asDouble())
        .isLessThanOrEqualTo(rfc.at("/confidence/high").asDouble());
    for (int layer = 0; layer < 2; layer++) {
      assertThat(activations.get("layers").get(layer)).isEqualTo(clean.get("layers").get(layer));
    }
  }

  @Test
  void isGoneOnWithAfterAKillAndGivesTheSameBytes() throws IOException, InterruptedException {
    for (String line :
        List.of("] entropies of layer 1", "] logits", "] sh_2_1_zero_out", "] mlp_3_half_out")) {
      CommandProcess.runAndKillAt(folder, line, planArguments("killed"));
    }
    Outcome last = plan("killed");
    assertThat(last.exitCode()).as(last.err()).isZero();
    assertThat(last.err()).doesNotContain("entropies of layer", "sh_2_1_zero_out");
    assertThat(files(only("killed", "demo-base"))).isEqualTo(files(work));
  }

  @Test
  void theCandidatesOfAComparisonAreAblatedOnItsPrompts() throws IOException, InterruptedException {
    Outcome outcome = intervene("--family", "demo", "--top-k", "2", "--data", "one");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("2 interventions on demo-instruct");
    Path candidates = only("one", "demo-");
    List<String> table =
        Files.readAllLines(
            run().resolve("activation_patching_results_robust/patching_candidates_demo.csv"));
    for (String row : table.subList(1, 3)) {
      String[] cells = row.split(",");
      Path own = artifacts(candidates).resolve("sh_%s_%s_zero_out".formatted(cells[0], cells[1]));
      JsonNode configuration = json(own.resolve("intervention_config.json"));
      assertThat(configuration.at("/prompt_set/prompt_counts/neutral").asInt()).isEqualTo(PROMPTS);
      assertThat(configuration.at("/role_options/bootstrap_resamples").asInt()).isEqualTo(50);
    }
    Outcome again = intervene("--family", "demo", "--top-k", "2", "--data", "one");
    assertThat(again.out()).isEqualTo(outcome.out());
    assertThat(again.err()).doesNotContain("entropies");
  }

  @Test
  void answersAreCompared() throws IOException, InterruptedException {
    StringBuilder rows = new StringBuilder("prompt,first,second\n");
    for (JsonNode prompt : json(artifacts(work).resolve("both/activations.json")).get("prompts")) {
      rows.append('"').append(prompt.get("text").asText()).append("\", I, you\n");
    }
    Files.writeString(folder.resolve("answers.csv"), rows);
    Files.writeString(
        folder.resolve("one.json"),
        "[{\"type\": \"attention\", \"layer\": 5, \"head\": 2, \"method\": \"zero_out\"}]");
    Outcome outcome =
        intervene(
            with(
                SMALL,
                "--model",
                "demo-instruct",
                "--plan",
                "one.json",
                "--answers",
                "answers.csv",
                "--data",
                "one"));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("logits self_referent");
    JsonNode effect =
        json(artifacts(only("one", "demo-instruct")).resolve("sh_5_2_zero_out/effects.json"));
    double mean = 0;
    for (int prompt = 0; prompt < PROMPTS; prompt++) {
      JsonNode own = effect.get("prompts").get(prompt);
      mean +=
          (own.get("other_logit_difference").asDouble()
                  - own.get("clean_logit_difference").asDouble())
              / PROMPTS;
    }
    assertThat(effect.at("/divergences/0/mean_logit_difference_change").asDouble())
        .isCloseTo(mean, Offset.offset(1e-12));
    assertThat(mean).isNotZero();
  }

  /** The mean put there by hand, as a patch of z, gives the same. */
  @Test
  void meansAreThoseOfTheNeutralPrompts() throws IOException, InterruptedException {
    Files.writeString(
        folder.resolve("mean.json"),
        """
        [{"type": "attention", "layer": 2, "head": null, "method": "mean"},
         {"type": "mlp", "layer": 1, "method": "mean"}]
        """);
    Outcome outcome =
        intervene(
            with(
                SMALL,
                "--model",
                "demo-base",
                "--plan",
                "mean.json",
                "--family",
                "means",
                "--data",
                "one"));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    Path means = only("one", "means");
    JsonNode prompts = json(artifacts(means).resolve("ah_2_mean/activations.json")).get("prompts");
    byte[] z = mean(prompts, 2, Tap.TAP_Z);
    byte[] output = mean(prompts, 1, Tap.TAP_MLP_OUT);
    assertAsCaptured(
        means,
        "ah_2_mean",
        List.of(
            Intervention.newBuilder()
                .setLayer(2)
                .setHeads(HeadIntervention.newBuilder().setZ(everywhere(prompts, z)))
                .build()));
    assertAsCaptured(
        means,
        "mlp_1_mean",
        List.of(
            Intervention.newBuilder()
                .setLayer(1)
                .setMlp(MlpIntervention.newBuilder().setPatch(everywhere(prompts, output)))
                .build()));
  }

  @Test
  void badInputIsNamed() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("layer.json"), PLAN.replace("\"layer\": 4", "\"layer\": 9"));
    Files.writeString(folder.resolve("method.json"), PLAN.replace("half_out", "halve"));
    Files.writeString(folder.resolve("answers-few.csv"), "prompt,first,second\nWho?,a,b\n");
    String[] model = {"--model", "demo-base", "--data", "refused"};
    FileTrees.copy(folder.resolve("one/models"), folder.resolve("refused/models"));
    assertRefused("Nothing to ablate is named", "--data", "refused");
    assertRefused("No model is named", "--plan", "plan.json", "--data", "refused");
    assertRefused("There is no plan file none.json", with(model, "--plan", "none.json"));
    assertRefused(
        "names layer 9, but model demo-base has layers 0 to 5",
        with(model, "--plan", "layer.json"));
    assertRefused(
        "has the method halve; use one of zero_out", with(model, "--plan", "method.json"));
    assertRefused("--top-k is for candidates", with(model, "--plan", "plan.json", "--top-k", "3"));
    assertRefused(
        "--prompts is settled by the comparison",
        "--family",
        "demo",
        "--prompts",
        "published",
        "--data",
        "refused");
    assertRefused("--top-k is 0", "--family", "demo", "--top-k", "0", "--data", "refused");
    assertRefused(
        "--method cut is no method", "--family", "demo", "--method", "cut", "--data", "refused");
    assertRefused(
        "no finished comparison of family demo",
        "--family",
        "demo",
        "--no-serve",
        "--data",
        "refused");
    assertRefused(
        "has no row for prompt",
        with(model, "--plan", "plan.json", "--answers", "answers-few.csv"));
    assertRefused(
        "There is no model nothing",
        "--model",
        "nothing",
        "--plan",
        "plan.json",
        "--data",
        "refused");
    assertThat(folder.resolve("refused/interventions")).doesNotExist();
  }

  private static void assertRefused(String named, String... arguments)
      throws IOException, InterruptedException {
    Outcome outcome = intervene(arguments);
    assertThat(outcome.exitCode()).as(outcome.out() + outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains(named).doesNotContain("\tat ").doesNotContain("Exception");
  }

  private static void assertAsCaptured(String name, Intervention... interventions)
      throws IOException {
    assertAsCaptured(work, name, List.of(interventions));
  }

  /** Divergence of every prompt, and exact entropies of later layers, in plain loops. */
  private static void assertAsCaptured(Path own, String name, List<Intervention> interventions)
      throws IOException {
    JsonNode effect = json(artifacts(own).resolve(name).resolve("effects.json"));
    JsonNode activations = json(artifacts(own).resolve(name).resolve("activations.json"));
    List<String> prompts = new ArrayList<>();
    activations.get("prompts").forEach(prompt -> prompts.add(prompt.get("text").asText()));
    float[][] clean = logits(prompts, List.of());
    float[][] changed = logits(prompts, interventions);
    for (int prompt = 0; prompt < prompts.size(); prompt++) {
      assertThat(effect.get("prompts").get(prompt).get("kl_nats").asDouble())
          .as("%s, prompt %d", name, prompt)
          .isCloseTo(divergence(clean[prompt], changed[prompt]), CLOSE);
    }
    assertThat(divergence(clean[0], changed[0])).isGreaterThan(1e-6);
    capture(
        prompts,
        interventions,
        Tap.TAP_PATTERN,
        LAYERS - 1,
        tensor -> {
          for (int index = 0; index < tensor.promptIndices().size(); index++) {
            int prompt = tensor.promptIndices().get(index);
            JsonNode head = activations.at("/layers/%d/entropy_exact_nats/0".formatted(LAYERS - 1));
            assertThat(head.get(prompt).asDouble())
                .isCloseTo(
                    entropy(tensor.floatsOf(index), tensor.shape().size(Axis.KEY_POS)), CLOSE);
          }
        });
  }

  /** Exact entropy of the first head, mean over query positions, nats. */
  private static double entropy(FloatBuffer pattern, int positions) {
    double sum = 0;
    for (int cell = 0; cell < positions * positions; cell++) {
      double weight = pattern.get(cell);
      sum -= weight > 0 ? weight * Math.log(weight) : 0;
    }
    return sum / positions;
  }

  private static double divergence(float[] clean, float[] other) {
    double[] first = probabilities(clean);
    double[] second = probabilities(other);
    double sum = 0;
    for (int token = 0; token < first.length; token++) {
      sum += first[token] * Math.log(first[token] / second[token]);
    }
    return sum;
  }

  private static double[] probabilities(float[] logits) {
    double[] weights = new double[logits.length];
    double sum = 0;
    for (int token = 0; token < logits.length; token++) {
      weights[token] = Math.exp(logits[token]);
      sum += weights[token];
    }
    for (int token = 0; token < logits.length; token++) {
      weights[token] /= sum;
    }
    return weights;
  }

  private static float[][] logits(List<String> prompts, List<Intervention> interventions) {
    float[][] logits = new float[prompts.size()][];
    capture(
        prompts,
        interventions,
        Tap.TAP_LOGITS,
        LAYERS - 1,
        tensor -> {
          for (int index = 0; index < tensor.promptIndices().size(); index++) {
            FloatBuffer values = tensor.floatsOf(index);
            float[] own = new float[values.remaining()];
            values.get(own);
            logits[tensor.promptIndices().get(index)] = own;
          }
        });
    return logits;
  }

  /** Mean of a tap over all positions of the neutral prompts, float32 little-endian. */
  private static byte[] mean(JsonNode prompts, int layer, Tap tap) {
    List<String> neutral = new ArrayList<>();
    for (JsonNode prompt : prompts) {
      if (prompt.get("category").asText().equals("neutral")) {
        neutral.add(prompt.get("text").asText());
      }
    }
    List<double[]> positions = new ArrayList<>();
    capture(
        neutral,
        List.of(),
        tap,
        layer,
        tensor -> {
          FloatBuffer values = tensor.floats();
          int rows = tensor.promptIndices().size() * tensor.shape().size(Axis.POS);
          int width = values.remaining() / rows;
          for (int row = 0; row < rows; row++) {
            double[] position = new double[width];
            for (int index = 0; index < width; index++) {
              position[index] = values.get(row * width + index);
            }
            positions.add(position);
          }
        });
    ByteBuffer mean =
        ByteBuffer.allocate(positions.getFirst().length * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int index = 0; index < positions.getFirst().length; index++) {
      int place = index;
      mean.putFloat(
          (float)
              positions.stream().mapToDouble(position -> position[place]).average().orElseThrow());
    }
    return mean.array();
  }

  /** The same values at every position of every prompt. */
  private static Patch everywhere(JsonNode prompts, byte[] values) {
    Patch.Builder patch = Patch.newBuilder();
    for (JsonNode prompt : prompts) {
      ByteBuffer repeated = ByteBuffer.allocate(prompt.get("token_ids").size() * values.length);
      while (repeated.hasRemaining()) {
        repeated.put(values);
      }
      patch.addValues(ByteString.copyFrom(repeated.flip()));
    }
    return patch.build();
  }

  private static void capture(
      List<String> prompts, List<Intervention> interventions, Tap tap, int layer, Tensors tensors) {
    CaptureRequest.Builder request =
        CaptureRequest.newBuilder()
            .setModel("demo-base")
            .addAllPrompts(prompts)
            .addTaps(tap)
            .addAllInterventions(interventions);
    if (tap != Tap.TAP_LOGITS) {
      request.setLayers(LayerRange.newBuilder().setFirst(layer).setLast(layer));
    }
    inference.capture(
        request.build(),
        new CaptureDecoder.Sink() {
          @Override
          public void started(CaptureStarted started) {
            assertThat(started.getPromptsCount()).isEqualTo(prompts.size());
          }

          @Override
          public void tensor(TensorView tensor) {
            tensors.take(tensor);
          }
        });
  }

  private interface Tensors {
    void take(TensorView tensor);
  }

  /** Mean over heads of the pooled exact entropy, nats. */
  private static double pooled(JsonNode activations, int layer, String category) {
    JsonNode own = activations.get("layers").get(layer);
    double sum = 0;
    long rows = 0;
    for (JsonNode prompt : activations.get("prompts")) {
      if (prompt.get("category").asText().equals(category)) {
        int index = prompt.get("index").asInt();
        int queries = own.get("query_counts").get(index).asInt();
        for (JsonNode head : own.get("entropy_exact_nats")) {
          sum += queries * head.get(index).asDouble();
        }
        rows += queries;
      }
    }
    return sum / rows / own.get("head_count").asInt();
  }

  private static Outcome plan(String data) throws IOException, InterruptedException {
    return CommandProcess.run(folder, planArguments(data));
  }

  private static String[] planArguments(String data) {
    return with(SMALL, "intervene", "--model", "demo-base", "--plan", "plan.json", "--data", data);
  }

  private static Outcome intervene(String... arguments) throws IOException, InterruptedException {
    return CommandProcess.run(folder, with(arguments, "intervene"));
  }

  /** The first of these arguments behind the others. */
  private static String[] with(String[] behind, String... first) {
    return Stream.of(first, behind).flatMap(Stream::of).toArray(String[]::new);
  }

  private static Path artifacts(Path own) {
    String name = own.getFileName().toString();
    String family = name.substring(0, name.lastIndexOf('-'));
    return own.resolve("results_" + family + "_activation").resolve("latest_intervention");
  }

  private static Path run() throws IOException {
    try (Stream<Path> runs = Files.list(folder.resolve("one/runs"))) {
      return runs.filter(path -> path.getFileName().toString().startsWith("demo-"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** The one piece of work of a family. */
  private static Path only(String data, String family) throws IOException {
    String name = family.endsWith("-") ? family : family + "-";
    try (Stream<Path> works = Files.list(folder.resolve(data).resolve("interventions"))) {
      List<Path> found =
          works
              .filter(path -> path.getFileName().toString().matches(name + "[0-9a-f]{12}"))
              .toList();
      assertThat(found).hasSize(1);
      return found.getFirst();
    }
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  private static Map<String, String> files(Path root) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        contents.put(
            root.relativize(path).toString(), HexFormat.of().formatHex(Files.readAllBytes(path)));
      }
    }
    assertThat(contents).hasSizeGreaterThan(30);
    return contents;
  }
}

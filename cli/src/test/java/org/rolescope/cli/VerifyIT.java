package org.rolescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.cli.CommandProcess.Outcome;

/** {@code rolescope verify}: what it finds, where it is kept, and what follows from it. */
@Timeout(600)
final class VerifyIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path exported;
  @TempDir Path folder;

  @BeforeAll
  static void export() throws IOException, InterruptedException {
    String base = Path.of("../examples/demo-models/base").toAbsolutePath().toString();
    String[] export = {"export", base, "--name", "tiny", "--data", "data"};
    assertThat(CommandProcess.run(exported, export).exitCode()).isZero();
  }

  /** Tests alter the bundle, so each has its own. */
  @BeforeEach
  void copyBundle() throws IOException {
    FileTrees.copy(exported.resolve("data"), folder.resolve("data"));
  }

  @Test
  void anExportedModelIsSupported() throws IOException, InterruptedException {
    String digest = manifest().path("digest").asText();
    assertThat(run("models").out()).contains("unverified");
    Outcome before = analyze();
    assertThat(before.exitCode()).isZero();
    assertThat(before.err())
        .contains("Model tiny was not verified; `rolescope verify tiny` does it");

    Outcome verified = run("verify", "tiny", "--prompt-count", "8");
    assertThat(verified.exitCode()).as(verified.err()).isZero();
    assertThat(verified.out())
        .contains("value_norm", "resid_post", "logits: ", "Over 8 prompts, in onnxruntime")
        .contains("Parity of tiny: SUPPORTED")
        .containsPattern("(?m)^ +5( +\\d\\.\\de-\\d\\d){4} *$")
        .doesNotContain("First difference");
    JsonNode certificate = manifest().path("certificate");
    assertThat(certificate.path("verdict").asText()).isEqualTo("SUPPORTED");
    assertThat(certificate.path("taps")).hasSize(4 * 6 + 1);
    assertThat(manifest().path("digest").asText()).isEqualTo(digest);
    assertThat(folder.resolve("data/models/tiny")).isDirectoryNotContaining("glob:**.part");

    assertThat(run("models").out()).contains("supported").doesNotContain("unverified");
    Outcome after = analyze();
    assertThat(after.out()).contains("This was measured before");
    assertThat(after.err()).isEmpty();
  }

  @Test
  void aCertificateHoldsForTheComputeTypeItWasMadeWith() throws IOException, InterruptedException {
    Outcome verified = run("verify", "tiny", "--compute-type", "float16");
    assertThat(verified.exitCode()).as(verified.err()).isZero();
    assertThat(verified.out())
        .contains(" on cpu in float16.", "pattern 5e-02", "Parity of tiny: SUPPORTED");
    assertThat(manifest().at("/certificate/computeType").asText()).isEqualTo("float16");
    Outcome half = analyze("--compute-type", "float16");
    assertThat(half.exitCode()).as(half.err()).isZero();
    assertThat(half.err()).doesNotContain("not verified");
    assertThat(experimentConfiguration().at("/models/latest_run/compute_type").asText())
        .isEqualTo("float16");
    Outcome single = analyze();
    assertThat(single.out()).doesNotContain("This was measured before");
    assertThat(single.err()).contains("Model tiny was not verified");
  }

  @Test
  void anAlteredStageIsWrongAndRefused() throws IOException, InterruptedException {
    String stage = manifest().path("stages").path(4).path("file").asText();
    Path file = bundle().resolve(stage);
    Files.write(file, altered(Files.readAllBytes(file)));

    Outcome verified = run("verify", "tiny");
    assertThat(verified.exitCode()).as(verified.err()).isEqualTo(1);
    assertThat(verified.out())
        .contains("Parity of tiny: WRONG")
        .contains("First difference: pattern of layer 3 (stage " + stage + ")");
    assertThat(run("models").out()).contains("wrong");
    assertRefused();
    Outcome accepted = analyze("--accept-wrong");
    assertThat(accepted.exitCode()).as(accepted.err()).isZero();
    assertThat(accepted.err()).contains("Model tiny computes something else");
    assertThat(experimentConfiguration().at("/models/latest_run/parity").asText())
        .isEqualTo("wrong");
  }

  @Test
  void aWeightUnderAnotherNameIsWrong() throws IOException, InterruptedException {
    ObjectNode manifest = manifest();
    ObjectNode gate = weight(manifest, "model.layers.1.mlp.gate_proj.weight");
    ObjectNode up = weight(manifest, "model.layers.1.mlp.up_proj.weight");
    JsonNode offset = gate.get("offsetBytes");
    gate.set("offsetBytes", up.get("offsetBytes"));
    up.set("offsetBytes", offset);
    Files.writeString(bundle().resolve("rolescope.json"), JSON.writeValueAsString(manifest));
    Outcome verified = run("verify", "tiny");
    assertThat(verified.exitCode()).as(verified.err()).isEqualTo(1);
    assertThat(verified.out()).contains("First difference: resid_post of layer 1");
    assertRefused();
  }

  @Test
  void aProjectionReadTheWrongWayRoundIsWrong() throws IOException, InterruptedException {
    String manifest = Files.readString(bundle().resolve("rolescope.json"));
    Files.writeString(
        bundle().resolve("rolescope.json"), manifest.replace("\"OUT_IN\"", "\"IN_OUT\""));
    Outcome verified = run("verify", "tiny");
    assertThat(verified.exitCode()).as(verified.err()).isEqualTo(1);
    assertThat(verified.out()).contains("First difference: value_norm of layer 0");
  }

  @Test
  void aBundleOfBeforeValueNormsIsVerifiedWithoutThem() throws IOException, InterruptedException {
    ObjectNode manifest = manifest();
    manifest.path("stages").forEach(stage -> ((ObjectNode) stage).remove("values"));
    Files.writeString(bundle().resolve("rolescope.json"), JSON.writeValueAsString(manifest));
    Outcome verified = run("verify", "tiny");
    assertThat(verified.exitCode()).as(verified.err()).isZero();
    assertThat(verified.out()).contains("Parity of tiny: SUPPORTED").doesNotContain("value_norm");
    assertThat(manifest().path("certificate").path("taps")).hasSize(3 * 6 + 1);
  }

  @Test
  void whatCannotBeVerifiedIsNamed() throws IOException, InterruptedException {
    assertNamed("There is no model nothing", "verify", "nothing");
    assertNamed("no model name", "verify", "../tiny");
    assertNamed("--prompt-count is 0", "verify", "tiny", "--prompt-count", "0");
    assertNamed("sonnets", "verify", "tiny", "--prompts", "sonnets");
    Path config = bundle().resolve("config.json");
    Files.writeString(
        config, Files.readString(config).replace("LlamaForCausalLM", "X").replace("llama", "x"));
    assertNamed("cannot be verified", "verify", "tiny");
    assertThat(manifest().path("certificate").isNull()).isTrue();
  }

  private void assertNamed(String words, String... command)
      throws IOException, InterruptedException {
    Outcome outcome = run(command);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains(words).doesNotContain("Exception");
  }

  private void assertRefused() throws IOException, InterruptedException {
    Outcome refused = analyze();
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err()).contains("Model tiny computes something else", "--accept-wrong");
    assertThat(folder.resolve("data/runs"))
        .satisfiesAnyOf(
            runs -> assertThat(runs).doesNotExist(), runs -> assertThat(runs).isEmptyDirectory());
  }

  private Outcome analyze(String... more) throws IOException, InterruptedException {
    String[] plan = {
      "analyze", "tiny", "--prompts-per-category", "2", "--resamples", "50", "--no-raw-patterns"
    };
    return run(concatenated(plan, more));
  }

  private Outcome run(String... command) throws IOException, InterruptedException {
    return CommandProcess.run(folder, concatenated(command, "--data", "data"));
  }

  private static String[] concatenated(String[] first, String... second) {
    return Stream.of(first, second).flatMap(Stream::of).toArray(String[]::new);
  }

  private Path bundle() {
    return folder.resolve("data/models/tiny");
  }

  private ObjectNode manifest() throws IOException {
    return (ObjectNode) JSON.readTree(bundle().resolve("rolescope.json").toFile());
  }

  private JsonNode experimentConfiguration() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("data/runs"))) {
      return JSON.readTree(
          files
              .filter(file -> file.endsWith("experiment_config.json"))
              .findFirst()
              .orElseThrow()
              .toFile());
    }
  }

  private static ObjectNode weight(JsonNode manifest, String name) {
    for (JsonNode weight : manifest.findParents("offsetBytes")) {
      if (weight.path("name").asText().equals(name)) {
        return (ObjectNode) weight;
      }
    }
    throw new AssertionError("no weight " + name);
  }

  /** The graph with the factor on its scores, 1/sqrt(16), turned into 1/2. */
  private static byte[] altered(byte[] graph) {
    ByteBuffer bytes = ByteBuffer.wrap(graph).order(ByteOrder.LITTLE_ENDIAN);
    int found = 0;
    for (int index = 0; index + Float.BYTES <= graph.length; index++) {
      if (bytes.getFloat(index) == 0.25f) {
        bytes.putFloat(index, 0.5f);
        found++;
      }
    }
    assertThat(found).isPositive();
    return graph;
  }
}

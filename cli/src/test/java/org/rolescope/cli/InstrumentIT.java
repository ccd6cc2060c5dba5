package org.rolescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jetbrains.bio.npy.NpyArray;
import org.jetbrains.bio.npy.NpzFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.cli.CommandProcess.Outcome;

/**
 * {@code rolescope instrument} on two released versions of one encoder, bge-small-en and
 * bge-small-en-v1.5, as langchain4j puts them on Maven Central: 12 layers of 12 heads each.
 */
@Timeout(900)
final class InstrumentIT {
  private static final int LAYERS = 12;
  private static final int HEADS = 12;
  private static final int PROMPTS = 4 * 3;
  private static final Pattern LAYER_ROW = Pattern.compile("(?m)^ *\\d+ +[-+]?\\d\\.\\d+.*$");

  @TempDir Path folder;

  @Test
  void theChangeOfRfcBetweenTwoVersionsComesOutOfTheWholePipeline() throws Exception {
    Path old = resource("bge-small-en");
    Path newer = resource("bge-small-en-v1.5");
    for (String model : List.of("bge-small-en", "bge-small-en-v1.5")) {
      Outcome made = run("instrument", model + ".onnx", "--tokenizer", model + "-tokenizer.json");
      assertThat(made.exitCode()).as(made.err()).isZero();
      assertThat(made.out())
          .contains("Instrumented " + model + ": onnx, 12 layers, 12 heads,")
          .contains("bidirectional attention");
    }
    assertThat(
            run("instrument", "bge-small-en.onnx", "--tokenizer", "bge-small-en-tokenizer.json")
                .out())
        .contains("Already there: bge-small-en");
    assertThat(run("models").out()).contains("bge-small-en-v1.5", "unverified");

    Outcome compared =
        run(
            "compare",
            "bge-small-en",
            "bge-small-en-v1.5",
            "--prompts-per-category",
            "3",
            "--resamples",
            "200");
    assertThat(compared.exitCode()).as(compared.err()).isZero();
    assertThat(compared.err())
        .contains("Model bge-small-en was instrumented from an ONNX graph")
        .doesNotContain("not verified", "Exception");
    Matcher rows = LAYER_ROW.matcher(compared.out());
    assertThat(rows.results().count()).as(compared.out()).isGreaterThanOrEqualTo(LAYERS);
    assertThat(compared.out()).doesNotContain("NaN");
    Outcome report = run("report", runId());
    assertThat(report.exitCode()).as(report.err()).isZero();

    assertPatternsAreThoseOfTheSoftmaxNodes(old, "latest_base");
    assertPatternsAreThoseOfTheSoftmaxNodes(newer, "latest_run");
  }

  @Test
  void whatCannotBeInstrumentedOrVerifiedIsSaidInASentence() throws Exception {
    Path model =
        Path.of("../inference-service/src/test/resources/instrument/gpt2/model.onnx")
            .toAbsolutePath()
            .normalize();
    assertThat(run("instrument", model.toString(), "--name", "tiny").out())
        .contains("Instrumented tiny: gpt2, 2 layers, 2 heads", "causal attention");
    Outcome verified = run("verify", "tiny");
    assertThat(verified.exitCode()).isEqualTo(2);
    assertThat(verified.err())
        .contains("The model tiny was instrumented", "no checkpoint to compare it with")
        .doesNotContain("Exception");
    Outcome fused = run("instrument", fused(model).toString(), "--name", "fused");
    assertThat(fused.exitCode()).isEqualTo(2);
    assertThat(fused.err())
        .contains("MultiHeadAttention of com.microsoft", "optimum-cli export onnx")
        .doesNotContain("Exception");
    Outcome newer = run("instrument", ofTheFuture(model).toString(), "--name", "newer");
    assertThat(newer.exitCode()).isEqualTo(2);
    assertThat(newer.err()).contains("onnxruntime", "cannot load the model", "opset");
    assertThat(run("models").out()).contains("tiny").doesNotContain("fused", "newer");
  }

  /** Runs the original, its softmaxes made outputs in another way. */
  private void assertPatternsAreThoseOfTheSoftmaxNodes(Path model, String measured)
      throws IOException, OrtException {
    List<NpzFile.Reader> layers = patterns(measured);
    List<JsonNode> prompts = prompts(measured);
    ModelProto.Builder graph = ModelProto.parseFrom(Files.readAllBytes(model)).toBuilder();
    List<String> softmaxes =
        graph.getGraph().getNodeList().stream()
            .filter(node -> node.getOpType().equals("Softmax"))
            .map(node -> node.getOutput(0))
            .toList();
    assertThat(softmaxes).hasSize(LAYERS);
    TypeProto type =
        TypeProto.newBuilder()
            .setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE))
            .build();
    softmaxes.forEach(
        name ->
            graph
                .getGraphBuilder()
                .addOutput(ValueInfoProto.newBuilder().setName(name).setType(type)));
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      // Packed weights are multiplied in another order, which shows in the last bits.
      options.addConfigEntry("session.disable_prepacking", "1");
      try (OrtSession session = environment.createSession(graph.build().toByteArray(), options)) {
        for (List<Integer> batch : batches(prompts)) {
          assertPatterns(session, softmaxes, prompts, batch, layers);
        }
      }
    }
  }

  /** Prompts of equal length together, as the service runs them; so the bits can be compared. */
  private static List<List<Integer>> batches(List<JsonNode> prompts) {
    return List.copyOf(
        IntStream.range(0, prompts.size())
            .boxed()
            .collect(
                Collectors.groupingBy(
                    prompt -> prompts.get(prompt).path("token_ids").size(),
                    TreeMap::new,
                    Collectors.toList()))
            .values());
  }

  private static void assertPatterns(
      OrtSession session,
      List<String> softmaxes,
      List<JsonNode> prompts,
      List<Integer> batch,
      List<NpzFile.Reader> layers)
      throws OrtException {
    int length = prompts.get(batch.getFirst()).path("token_ids").size();
    long[] ids =
        batch.stream()
            .flatMap(prompt -> prompts.get(prompt).path("token_ids").valueStream())
            .mapToLong(JsonNode::asLong)
            .toArray();
    long[] mask = new long[ids.length];
    Arrays.fill(mask, 1);
    try (OnnxTensor tokens = tensor(batch.size(), ids);
        OnnxTensor ones = tensor(batch.size(), mask);
        OnnxTensor types = tensor(batch.size(), new long[ids.length]);
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", tokens, "attention_mask", ones, "token_type_ids", types))) {
      for (int layer = 0; layer < LAYERS; layer++) {
        OnnxTensor softmax = (OnnxTensor) result.get(softmaxes.get(layer)).orElseThrow();
        FloatBuffer expected = softmax.getFloatBuffer();
        for (int prompt : batch) {
          NpyArray found = layers.get(layer).get("activations_%03d".formatted(prompt), 1 << 18);
          assertThat(found.getShape()).containsExactly(HEADS, length, length);
          float[] values = new float[HEADS * length * length];
          expected.get(values);
          assertThat(found.asFloatArray()).isEqualTo(values);
        }
      }
    }
  }

  private List<NpzFile.Reader> patterns(String model) throws IOException {
    Path base = find(path -> path.endsWith(model) && Files.isDirectory(path));
    return IntStream.range(0, LAYERS)
        .mapToObj(layer -> NpzFile.read(base.resolve("raw_blocks_" + layer + "_attn_pattern.npz")))
        .toList();
  }

  /** The prompts in the order of the archive, with their tokens. */
  private List<JsonNode> prompts(String measured) throws IOException {
    Path activations = find(path -> path.endsWith(measured + "/activations.json"));
    List<JsonNode> prompts =
        new ObjectMapper().readTree(activations.toFile()).path("prompts").valueStream().toList();
    assertThat(prompts).hasSize(PROMPTS);
    return prompts;
  }

  private String runId() throws IOException {
    try (Stream<Path> runs = Files.list(folder.resolve("data/runs"))) {
      return runs.map(run -> run.getFileName().toString())
          .filter(name -> name.startsWith("bge-small-en-"))
          .findFirst()
          .orElseThrow();
    }
  }

  private Path find(java.util.function.Predicate<Path> wanted) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("data/runs"))) {
      return files.filter(wanted).findFirst().orElseThrow();
    }
  }

  private static OnnxTensor tensor(int batch, long[] values) throws OrtException {
    return OnnxTensor.createTensor(
        OrtEnvironment.getEnvironment(),
        LongBuffer.wrap(values),
        new long[] {batch, values.length / batch});
  }

  /** Takes a model and its tokenizer out of its jar. */
  private Path resource(String model) throws IOException {
    for (String name : List.of(model + ".onnx", model + "-tokenizer.json")) {
      try (InputStream content = InstrumentIT.class.getResourceAsStream("/" + name)) {
        Files.copy(content, folder.resolve(name));
      }
    }
    return folder.resolve(model + ".onnx");
  }

  /** The model with its softmaxes gone into one operator. */
  private Path fused(Path model) throws IOException {
    ModelProto.Builder graph = ModelProto.parseFrom(Files.readAllBytes(model)).toBuilder();
    for (NodeProto.Builder node : graph.getGraphBuilder().getNodeBuilderList()) {
      if (node.getOpType().equals("Softmax")) {
        node.setOpType("MultiHeadAttention").setDomain("com.microsoft").clearAttribute();
      }
    }
    return write(model, "fused", graph);
  }

  /** The model with an opset nobody knows yet. */
  private Path ofTheFuture(Path model) throws IOException {
    ModelProto.Builder graph = ModelProto.parseFrom(Files.readAllBytes(model)).toBuilder();
    graph.getOpsetImportBuilder(0).setVersion(999);
    return write(model, "newer", graph);
  }

  private Path write(Path model, String name, ModelProto.Builder graph) throws IOException {
    Path made = Files.createDirectory(folder.resolve(name));
    Files.write(made.resolve("model.onnx"), graph.build().toByteArray());
    for (String side : List.of("tokenizer.json", "config.json")) {
      Files.copy(model.resolveSibling(side), made.resolve(side));
    }
    return made.resolve("model.onnx");
  }

  private Outcome run(String... command) throws IOException, InterruptedException {
    String[] all = Arrays.copyOf(command, command.length + 2);
    all[command.length] = "--data";
    all[command.length + 1] = "data";
    return CommandProcess.run(folder, all);
  }
}

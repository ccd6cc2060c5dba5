package org.rolescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.cli.CommandProcess.Outcome;

/**
 * Bad input gets one sentence that names the thing and the remedy, exit code 2, and leaves nothing.
 */
@Timeout(600)
final class BadInputIT {
  private static final Path DEMO_BASE = Path.of("../examples/demo-models/base").toAbsolutePath();

  @TempDir static Path exported;
  @TempDir Path folder;
  private Path checkpoint;

  @BeforeAll
  static void exportBase() throws IOException, InterruptedException {
    String[] export = {"export", DEMO_BASE.toString(), "--name", "base", "--data", "data"};
    assertThat(CommandProcess.run(exported, export).exitCode()).isZero();
  }

  @BeforeEach
  void copyCheckpoint() throws IOException {
    checkpoint = Files.createDirectory(folder.resolve("checkpoint"));
    for (String file :
        new String[] {
          "config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"
        }) {
      Files.copy(DEMO_BASE.resolve(file), checkpoint.resolve(file));
    }
  }

  @Test
  void aMissingFolderIsNamed() throws IOException, InterruptedException {
    assertRefused("nowhere", "export", "nowhere");
  }

  @Test
  void aTruncatedCheckpointIsNamed() throws IOException, InterruptedException {
    Path weights = checkpoint.resolve("model.safetensors");
    byte[] whole = Files.readAllBytes(weights);
    Files.write(weights, java.util.Arrays.copyOf(whole, whole.length - 1000));
    assertRefused("model.safetensors", "export", "checkpoint");
  }

  @Test
  void aTruncatedHeaderIsNamed() throws IOException, InterruptedException {
    Path weights = checkpoint.resolve("model.safetensors");
    Files.write(weights, java.util.Arrays.copyOf(Files.readAllBytes(weights), 300));
    assertRefused("model.safetensors", "export", "checkpoint");
  }

  @Test
  void aLyingHeaderIsNamed() throws IOException, InterruptedException {
    byte[] whole = Files.readAllBytes(checkpoint.resolve("model.safetensors"));
    int length = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String header = new String(whole, 8, length, StandardCharsets.UTF_8);
    String lie = header.replaceFirst("\\[1600, ?128\\]", "[1600,127]");
    assertThat(lie).isNotEqualTo(header);
    byte[] padded = java.util.Arrays.copyOf(lie.getBytes(StandardCharsets.UTF_8), length);
    java.util.Arrays.fill(padded, lie.length(), length, (byte) ' ');
    System.arraycopy(padded, 0, whole, 8, length);
    Files.write(checkpoint.resolve("model.safetensors"), whole);
    assertRefused("model.embed_tokens.weight", "export", "checkpoint");
  }

  @Test
  void anUnknownArchitectureIsNamedWithTheKnownOnes() throws IOException, InterruptedException {
    Path config = checkpoint.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("LlamaForCausalLM", "MambaForCausalLM")
            .replace("\"llama\"", "\"mamba\""));
    Outcome outcome = assertRefused("MambaForCausalLM", "export", "checkpoint");
    assertThat(outcome.err()).containsIgnoringCase("llama");
  }

  @Test
  void anUnknownModelIsNamed() throws IOException, InterruptedException {
    assertRefused("There is no model nothing", "analyze", "nothing");
  }

  @Test
  void unusablePromptsAreNamedAndLeaveNoRun() throws IOException, InterruptedException {
    FileTrees.copy(exported.resolve("data"), folder.resolve("data"));
    Files.writeString(folder.resolve("empty.json"), promptSet(" "));
    assertRefused("empty", "analyze", "base", "--prompts", "empty.json");
    Files.writeString(folder.resolve("long.json"), promptSet("word ".repeat(400)));
    assertRefused("context ends at 256", "analyze", "base", "--prompts", "long.json");
    Files.writeString(folder.resolve("broken.json"), "{\"name\": ");
    assertRefused("broken.json", "analyze", "base", "--prompts", "broken.json");
    assertRefused("sonnets", "analyze", "base", "--prompts", "sonnets");
  }

  @Test
  void versionsWithOtherHeadsAreNamedAndLeaveNoRun() throws IOException, InterruptedException {
    FileTrees.copy(exported.resolve("data"), folder.resolve("data"));
    Path config = checkpoint.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("\"num_attention_heads\": 8", "\"num_attention_heads\": 4")
            .replace("\"num_key_value_heads\": 4", "\"num_key_value_heads\": 2")
            .replace("\"head_dim\": 16", "\"head_dim\": 32"));
    assertThat(CommandProcess.run(folder, "export", "checkpoint", "--data", "data").exitCode())
        .isZero();
    assertRefused("have 8 and 4 heads a layer", "compare", "base", "checkpoint");
  }

  @Test
  void aDeviceThatIsNotThereIsNamedWithThoseThatAre() throws IOException, InterruptedException {
    assertRefused(
        "There is no device `cuda` here; this build runs on cpu",
        "analyze",
        "m",
        "--device",
        "cuda");
    assertRefused("There is no device `tpu`", "serve", "inference", "--device", "tpu");
    assertRefused(
        "There is no compute type `int4`; use float32 or float16",
        "verify",
        "m",
        "--compute-type",
        "int4");
    assertRefused(
        "leave out --device",
        "analyze",
        "m",
        "--device",
        "cpu",
        "--orchestrator",
        "127.0.0.1:" + freePort());
  }

  @Test
  void anUnreachableServiceIsNamed() throws IOException, InterruptedException {
    int port = freePort();
    assertRefused(
        "orchestrator at 127.0.0.1:" + port + " cannot be reached",
        "analyze",
        "any",
        "--orchestrator",
        "127.0.0.1:" + port);
    assertRefused(
        "inference service at 127.0.0.1:" + port + " cannot be reached",
        "models",
        "--inference",
        "127.0.0.1:" + port);
  }

  @Test
  void aServiceBehindTheServiceIsNamedToo() throws IOException, InterruptedException {
    int nowhere = freePort();
    String[] options = {"--port", "0", "--data", "data", "--inference", "127.0.0.1:" + nowhere};
    try (CommandProcess orchestrator =
        CommandProcess.serve(folder, options, "serve", "orchestrator")) {
      assertRefused(
          "inference service at 127.0.0.1:" + nowhere + " cannot be reached",
          "analyze",
          "any",
          "--orchestrator",
          orchestrator.address());
    }
  }

  @Test
  void aPortInUseIsNamed() throws IOException, InterruptedException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      Outcome outcome = assertRefused("Port " + port, "serve", "inference", "--port", port);
      assertThat(outcome.err()).contains("--port");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--orchestrator localhost, host:port",
    "--resamples 0, --resamples is 0",
    "--entropy spectral, There is no kind of entropy `spectral`",
    "--prompts-per-category 0, --prompts-per-category is 0",
    "--seed many, --seed",
    "--family ../x, ../x",
    "--nonsense 1, Unknown option"
  })
  void badOptionsAreNamed(String option, String named) throws IOException, InterruptedException {
    String[] words = option.split(" ");
    assertRefused(named, "analyze", "checkpoint", words[0], words[1]);
  }

  @ParameterizedTest
  @CsvSource({
    "run, Missing required argument",
    "run --family a --base ./b, mutually exclusive",
    "analyze m --sed 3, --seed",
    "serve nothing, INFERENCE",
    "nothing, nothing"
  })
  void usageErrorsAreAFewLinesAndNoPage(String line, String named)
      throws IOException, InterruptedException {
    Outcome outcome = CommandProcess.run(folder, line.split(" "));
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().lines()).hasSizeLessThan(5);
    assertThat(outcome.err()).startsWith("rolescope: ").contains(named, "--help` lists");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "demo",
        "run",
        "families",
        "export",
        "instrument",
        "models",
        "verify",
        "analyze",
        "compare",
        "generate",
        "experiment",
        "serve"
      })
  void helpIsThereForEveryCommand(String command) throws IOException, InterruptedException {
    Outcome outcome =
        command.isEmpty()
            ? CommandProcess.run(folder, "--help")
            : CommandProcess.run(folder, command, "--help");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).contains("Usage: rolescope", "--help");
  }

  private Outcome assertRefused(String named, String... arguments)
      throws IOException, InterruptedException {
    String[] all =
        Stream.concat(Stream.of(arguments), Stream.of("--data", "data")).toArray(String[]::new);
    Outcome outcome = CommandProcess.run(folder, all);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains(named).doesNotContain("\tat ").doesNotContain("Exception");
    assertThat(left(folder.resolve("data"))).isEmpty();
    return outcome;
  }

  /** Files below the models and runs that do not belong to a whole model. */
  private static Stream<Path> left(Path data) throws IOException {
    if (!Files.exists(data)) {
      return Stream.empty();
    }
    try (Stream<Path> paths = Files.walk(data)) {
      return paths
          .filter(Files::isRegularFile)
          .filter(path -> !path.startsWith(data.resolve("models").resolve("checkpoint")))
          .filter(path -> !path.startsWith(data.resolve("models").resolve("base")))
          .toList()
          .stream();
    }
  }

  private static String promptSet(String selfPrompt) {
    return """
    {"name": "mine", "categories": {
      "self_referent": ["%s"], "confounder": ["How tall am I?"],
      "neutral": ["What causes rain?"], "third_person": ["How tall is she?"]}}
    """
        .formatted(selfPrompt);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

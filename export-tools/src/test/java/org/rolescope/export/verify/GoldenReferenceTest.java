package org.rolescope.export.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jetbrains.bio.npy.NpyArray;
import org.jetbrains.bio.npy.NpzFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The forward pass against Hugging Face transformers, in float32, for a tiny model of every
 * architecture and option ({@code reference/golden}).
 */
class GoldenReferenceTest {
  private static final Path CASES =
      Path.of("..", "inference-service", "src", "test", "resources", "golden");
  private static final double PATTERN_TOLERANCE = 1e-5;

  /** Of the range of each tensor. */
  private static final double TOLERANCE = 1e-4;

  static List<Path> cases() throws IOException {
    try (Stream<Path> folders = Files.list(CASES)) {
      return folders.filter(Files::isDirectory).sorted().toList();
    }
  }

  @Test
  void everyFamilyHasACase() throws IOException {
    List<String> names = cases().stream().map(folder -> folder.getFileName().toString()).toList();
    assertTrue(
        names.containsAll(List.of("gpt2", "llama", "mistral", "qwen2", "qwen3")), names::toString);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyTapIsThatOfTransformers(Path folder) throws IOException {
    JsonNode description = new ObjectMapper().readTree(folder.resolve("case.json").toFile());
    List<List<Long>> prompts = new ArrayList<>();
    for (JsonNode prompt : description.get("prompts")) {
      List<Long> ids = new ArrayList<>();
      prompt.get("ids").forEach(id -> ids.add(id.asLong()));
      prompts.add(ids);
    }
    ReferencePass pass = new ReferencePass(model(folder), prompts);
    try (NpzFile.Reader expected = NpzFile.read(folder.resolve("expected.npz"));
        NpzFile.Reader norms = NpzFile.read(folder.resolve("value_norm.npz"))) {
      for (int layer = 0; layer < description.get("layers").asInt(); layer++) {
        for (int prompt = 0; prompt < prompts.size(); prompt++) {
          String name = "p%d_l%d_".formatted(prompt, layer);
          check(norms, name + "value_norm", pass.valueNorm(layer, prompt));
          check(expected, name + "pattern", pass.pattern(layer, prompt));
          check(expected, name + "z", pass.z(layer, prompt));
          check(expected, name + "resid_post", pass.residPost(layer, prompt));
        }
      }
      for (int prompt = 0; prompt < prompts.size(); prompt++) {
        check(expected, "p%d_logits".formatted(prompt), pass.logits(prompt));
      }
    }
  }

  private static ReferenceModel model(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return ReferenceModel.open(
          folder.resolve("config.json"),
          files.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList());
    }
  }

  private static void check(NpzFile.Reader archive, String name, ReferenceTensor actual) {
    NpyArray array = archive.get(name, Integer.MAX_VALUE);
    int[] shape = actual.shape().axes().stream().mapToInt(axis -> axis.size()).toArray();
    assertEquals(Arrays.toString(array.getShape()), Arrays.toString(shape), name);
    float[] expected = array.asFloatArray();
    DoubleBuffer values = actual.values();
    double smallest = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    double difference = 0;
    for (float value : expected) {
      smallest = Math.min(smallest, value);
      largest = Math.max(largest, value);
      difference = Math.max(difference, Math.abs(value - values.get()));
    }
    boolean isPattern = name.endsWith("pattern");
    double error = isPattern ? difference : difference / (largest - smallest);
    assertTrue(error <= (isPattern ? PATTERN_TOLERANCE : TOLERANCE), name + " differs by " + error);
  }
}

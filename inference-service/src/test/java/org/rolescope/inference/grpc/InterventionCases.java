package org.rolescope.inference.grpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jetbrains.bio.npy.NpyArray;
import org.jetbrains.bio.npy.NpzFile;
import org.rolescope.export.ExportRequest;
import org.rolescope.export.Exporter;
import org.rolescope.v1.HeadIntervention;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.MlpIntervention;
import org.rolescope.v1.Patch;
import org.rolescope.v1.ReferenceUniformPattern;
import org.rolescope.v1.ResidualIntervention;
import org.rolescope.v1.UniformPattern;

/** What Hugging Face transformers gave under hooks; reference/interventions holds the script. */
final class InterventionCases implements AutoCloseable {
  private static final Path FOLDER = Path.of("src/test/resources/interventions");
  static final List<String> MODELS =
      List.of("llama-gqa-2", "qwen2", "gpt2", "qwen3", "mistral-sliding-window");

  private final List<JsonNode> cases = new ArrayList<>();
  private final NpzFile.Reader arrays;

  private InterventionCases(String model) {
    try {
      new ObjectMapper()
          .readTree(FOLDER.resolve(model).resolve("cases.json").toFile())
          .get("cases")
          .forEach(cases::add);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    arrays = NpzFile.read(FOLDER.resolve(model).resolve("expected.npz"));
  }

  /** The cases of a golden model. */
  static InterventionCases read(String model) {
    return new InterventionCases(model);
  }

  /** Exports every golden model, as NAME-1 and NAME-2 with one and two layers a stage. */
  static void export(Path models) {
    for (String name : MODELS) {
      for (int layersPerStage : new int[] {1, 2}) {
        new Exporter()
            .export(
                new ExportRequest(
                    GoldenCase.read(name).folder(),
                    models.resolve(name + "-" + layersPerStage),
                    layersPerStage,
                    false));
      }
    }
  }

  /** Number of cases. */
  int count() {
    return cases.size();
  }

  String name(int index) {
    return cases.get(index).get("name").asText();
  }

  int layer(int index) {
    return cases.get(index).get("layer").asInt();
  }

  /** The prompt of the golden case it runs on. */
  int prompt(int index) {
    return cases.get(index).get("prompt").asInt();
  }

  /** The prompts that cases run on. */
  List<Integer> prompts() {
    return IntStream.range(0, count()).mapToObj(this::prompt).distinct().toList();
  }

  /** The cases that run on a prompt. */
  List<Integer> on(int prompt) {
    return IntStream.range(0, count()).filter(index -> prompt(index) == prompt).boxed().toList();
  }

  /** An expected array of a case, for example {@code l1_pattern}. */
  NpyArray array(int index, String name) {
    return arrays.get(name(index) + "_" + name, Integer.MAX_VALUE);
  }

  /** Names of the arrays of a case, without its own. */
  List<String> arrayNames(int index) {
    String prefix = name(index) + "_";
    return arrays.introspect().stream()
        .map(entry -> entry.getName())
        .filter(name -> name.startsWith(prefix + "l"))
        .map(name -> name.substring(prefix.length()))
        .toList();
  }

  /** The intervention of a case, on one prompt of a request. */
  Intervention intervention(int index, int promptIndex) {
    JsonNode json = cases.get(index);
    Intervention.Builder intervention =
        Intervention.newBuilder().setLayer(layer(index)).addPromptIndices(promptIndex);
    if (json.has("mlp_scale")) {
      float factor = (float) json.get("mlp_scale").asDouble();
      return intervention.setMlp(MlpIntervention.newBuilder().setScale(factor)).build();
    }
    if (json.has("heads")) {
      return intervention.setHeads(heads(index, json)).build();
    }
    return switch (json.get("patch").asText()) {
      case "mlp" ->
          intervention.setMlp(MlpIntervention.newBuilder().setPatch(patch(index))).build();
      case "resid_post" ->
          intervention
              .setResidual(ResidualIntervention.newBuilder().setPatch(patch(index)))
              .build();
      default -> throw new IllegalArgumentException("unknown case " + json);
    };
  }

  /** The same on all prompts of a sweep, with what a patch puts there taken from its source. */
  Intervention fromSource(int index) {
    Intervention.Builder intervention = intervention(index, 0).toBuilder().clearPromptIndices();
    if (intervention.hasResidual()) {
      intervention.getResidualBuilder().setPatch(SweepRequests.FROM_SOURCE);
    } else if (intervention.getMlp().hasPatch()) {
      intervention.getMlpBuilder().setPatch(SweepRequests.FROM_SOURCE);
    } else if (intervention.getHeads().hasZ()) {
      intervention.getHeadsBuilder().setZ(SweepRequests.FROM_SOURCE);
    } else if (intervention.getHeads().hasPattern()) {
      intervention.getHeadsBuilder().setPattern(SweepRequests.FROM_SOURCE);
    }
    return intervention.build();
  }

  /** Logits of the last position. */
  float[] logits(int index) {
    return array(index, "logits").asFloatArray();
  }

  @Override
  public void close() {
    arrays.close();
  }

  /** Floats as a contract carries them. */
  static ByteString bytes(float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return ByteString.copyFrom(bytes);
  }

  /** Floats as a contract carries them. */
  static ByteString bytes(FloatBuffer values) {
    float[] copy = new float[values.remaining()];
    values.duplicate().get(copy);
    return bytes(copy);
  }

  private HeadIntervention heads(int index, JsonNode json) {
    HeadIntervention.Builder heads = HeadIntervention.newBuilder();
    json.get("heads").forEach(head -> heads.addHeads(head.asInt()));
    if (json.has("pattern_scale")) {
      heads.setPatternScale((float) json.get("pattern_scale").asDouble());
    } else if (json.has("uniform")) {
      heads.setUniform(UniformPattern.getDefaultInstance());
    } else if (json.has("reference_uniform")) {
      heads.setReferenceUniform(ReferenceUniformPattern.getDefaultInstance());
    } else if (json.get("patch").asText().equals("z")) {
      heads.setZ(patch(index));
    } else {
      heads.setPattern(patch(index));
    }
    return heads.build();
  }

  private Patch patch(int index) {
    return Patch.newBuilder().addValues(bytes(array(index, "values").asFloatArray())).build();
  }
}

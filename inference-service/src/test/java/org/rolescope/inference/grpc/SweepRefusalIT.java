package org.rolescope.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rolescope.inference.grpc.InterventionCases.bytes;
import static org.rolescope.inference.grpc.InterventionRequests.heads;
import static org.rolescope.inference.grpc.InterventionRequests.mlp;
import static org.rolescope.inference.grpc.InterventionRequests.residual;
import static org.rolescope.inference.grpc.SweepRequests.FROM_SOURCE;
import static org.rolescope.inference.grpc.SweepRequests.mlpFromSource;
import static org.rolescope.inference.grpc.SweepRequests.variant;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.export.ExportRequest;
import org.rolescope.export.Exporter;
import org.rolescope.inference.intervene.InterventionLimits;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.HeadIntervention;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.SweepRequest;
import org.rolescope.v1.SweepSource;
import org.rolescope.v1.Tap;

/** Sweeps that do not fit are answered with a sentence, before anything runs. */
@Timeout(300)
final class SweepRefusalIT {
  /** 3 layers, 4 heads of 8, d_model 32. */
  private static final String MODEL = "qwen2";

  /** 3 and 2 tokens. */
  private static final List<String> PROMPTS = List.of("t5 t6 t7", "t8 t9");

  @TempDir static Path models;
  private static InferenceServer server;

  @BeforeAll
  static void start() throws IOException {
    for (String name : new String[] {MODEL, "gpt2", "llama-gqa-2"}) {
      new Exporter().export(ExportRequest.of(GoldenCase.read(name).folder(), models.resolve(name)));
    }
    server = InferenceServer.start(models, 0, new InterventionLimits(50, 1 << 14, 1 << 20));
  }

  @AfterAll
  static void stop() throws InterruptedException {
    server.close();
    assertThat(NativeHandles.open()).isZero();
  }

  @Test
  void variantsThatAreNone() {
    assertInvalid("There are no variants; give at least one", SweepRequest.Builder::clearVariants);
    assertInvalid(
        "Variant 1 changes nothing; give it an intervention", r -> r.addVariants(variant()));
    assertInvalid(
        "Intervention 0 of variant 1 does not say what to change; set heads, mlp or residual",
        r -> r.addVariants(variant(Intervention.getDefaultInstance())));
    assertInvalid(
        "Intervention 1 of variant 1 does not say how to change heads; set pattern_scale",
        r ->
            r.addVariants(
                variant(
                    mlp(0, 0),
                    Intervention.newBuilder()
                        .setHeads(HeadIntervention.getDefaultInstance())
                        .build())));
  }

  @Test
  void variantsThatNamePrompts() {
    assertInvalid(
        "Intervention 1 of variant 1 names prompts but a variant changes all of them; leave prompt_indices empty",
        r -> r.addVariants(variant(mlp(0, 0), mlp(1, 0).toBuilder().addPromptIndices(0).build())));
  }

  @Test
  void interventionsThatDoNotFit() {
    assertInvalid(
        "Intervention 0 of variant 1 is on layer 3 but the last layer is 2",
        r -> r.addVariants(variant(mlp(3, 0))));
    assertInvalid(
        "Intervention 1 of variant 1 changes the MLP of layer 2 for prompt 0",
        r -> r.addVariants(variant(mlp(2, 0), mlp(2, 0.5f))));
    assertInvalid(
        "Intervention 0 of variant 1 scales by NaN",
        r -> r.addVariants(variant(mlp(2, Float.NaN))));
    assertInvalid(
        "has values for 1 prompts but changes 2",
        r ->
            r.addVariants(
                variant(
                    residual(
                        0,
                        FROM_SOURCE.toBuilder()
                            .setFromSource(false)
                            .addValues(bytes(new float[96]))
                            .build()))));
  }

  @Test
  void valuesOfASourceThatIsNotThere() {
    assertInvalid(
        "Intervention 0 of variant 1 takes its values from a source run but there is none; send values, or a sweep with a source",
        r -> r.addVariants(variant(mlpFromSource(0))));
    assertInvalid(
        "Intervention 0 of variant 1 has values and takes those of the source run as well",
        r ->
            r.setSource(SweepSource.getDefaultInstance())
                .addVariants(
                    variant(
                        residual(
                            0, FROM_SOURCE.toBuilder().addValues(bytes(new float[1])).build()))));
    CaptureRequest capture =
        CaptureRequest.newBuilder()
            .setModel(MODEL)
            .addAllPrompts(PROMPTS)
            .addTaps(Tap.TAP_LOGITS)
            .addInterventions(heads(0, heads -> heads.setZ(FROM_SOURCE)))
            .build();
    assertThatThrownBy(() -> server.capture(capture))
        .hasMessageContaining(
            "Intervention 0 takes its values from a source run but there is none");
  }

  @Test
  void sourcesThatDoNotFit() {
    assertInvalid(
        "Prompt 1 of the source has 3 tokens but its counterpart has 2; give prompts of equal length",
        r -> r.setSource(SweepSource.newBuilder().addPrompts("t1 t2 t3").addPrompts("t1 t2 t3")));
    assertInvalid(
        "The source has 1 prompts but the target has 2; give one for each",
        r -> r.setSource(SweepSource.newBuilder().addPrompts("t1 t2 t3")));
    assertInvalid(
        "The model of the source has 2 layers but the target has 3; give a source of equal size",
        r -> r.setSource(SweepSource.newBuilder().setModel("llama-gqa-2")));
    assertRefused(
        Status.Code.NOT_FOUND,
        "There is no model other",
        r -> r.setSource(SweepSource.newBuilder().setModel("other")));
  }

  @Test
  void requestsThatAreTooLarge() {
    assertRefused(
        Status.Code.RESOURCE_EXHAUSTED,
        "51 interventions are more than the 50 a request may have",
        r -> r.addAllVariants(Collections.nCopies(50, variant(mlp(0, 0)))));
    assertRefused(
        Status.Code.RESOURCE_EXHAUSTED,
        "The patches take 19200 bytes from the source run, more than the 16384 a request may have",
        r ->
            r.addAllPrompts(Collections.nCopies(15, "t5 t6 t7"))
                .setSource(SweepSource.getDefaultInstance())
                .addVariants(variant(mlpFromSource(0)))
                .addVariants(variant(mlpFromSource(1)))
                .addVariants(variant(heads(2, heads -> heads.setZ(FROM_SOURCE)))));
    assertInvalid("There are no prompts", SweepRequest.Builder::clearPrompts);
    assertInvalid("Prompt 2 is empty", r -> r.addPrompts(" "));
    assertRefused(Status.Code.NOT_FOUND, "There is no model gone", r -> r.setModel("gone"));
  }

  private static void assertInvalid(String sentence, UnaryOperator<SweepRequest.Builder> change) {
    assertRefused(Status.Code.INVALID_ARGUMENT, sentence, change);
  }

  private static void assertRefused(
      Status.Code code, String sentence, UnaryOperator<SweepRequest.Builder> change) {
    SweepRequest.Builder good =
        SweepRequests.request(MODEL, PROMPTS).addVariants(variant(mlp(0, 0)));
    assertThatThrownBy(() -> Swept.run(server, change.apply(good).build()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failed -> assertThat(failed.getStatus().getCode()).isEqualTo(code))
        .hasMessageContaining(sentence);
  }
}

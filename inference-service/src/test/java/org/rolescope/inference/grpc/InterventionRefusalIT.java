package org.rolescope.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rolescope.inference.grpc.InterventionCases.bytes;
import static org.rolescope.inference.grpc.InterventionRequests.heads;
import static org.rolescope.inference.grpc.InterventionRequests.mlp;
import static org.rolescope.inference.grpc.InterventionRequests.request;
import static org.rolescope.inference.grpc.InterventionRequests.residual;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.export.ExportRequest;
import org.rolescope.export.Exporter;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.ConstantOutput;
import org.rolescope.v1.HeadIntervention;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.MlpIntervention;
import org.rolescope.v1.Patch;
import org.rolescope.v1.ResidualIntervention;
import org.rolescope.v1.UniformPattern;

/** Interventions that do not fit are answered with a sentence, before anything runs. */
@Timeout(300)
final class InterventionRefusalIT {
  /** 3 layers, 4 heads of 8, d_model 32. */
  private static final String MODEL = "qwen2";

  /** 3 and 2 tokens. */
  private static final List<String> PROMPTS = List.of("t5 t6 t7", "t8 t9");

  @TempDir static Path models;
  private static InferenceServer server;

  @BeforeAll
  static void start() throws IOException {
    new Exporter().export(ExportRequest.of(GoldenCase.read(MODEL).folder(), models.resolve(MODEL)));
    server = InferenceServer.start(models);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    server.close();
    assertThat(NativeHandles.open()).isZero();
  }

  @Test
  void placesThatAreNotThere() {
    assertInvalid("Intervention 0 is on layer 3 but the last layer is 2", mlp(3, 0));
    assertInvalid("is on layer 4294967295 but the last layer is 2", mlp(-1, 0));
    assertInvalid(
        "Intervention 1 is on head 4 but the last head is 3",
        mlp(0, 0),
        heads(1, heads -> heads.addHeads(0).addHeads(4).setPatternScale(0)));
    assertInvalid(
        "names head 2 twice; name it once",
        heads(1, heads -> heads.addHeads(2).addHeads(2).setPatternScale(0)));
    assertInvalid(
        "is on prompt 2 but the last prompt is 1",
        mlp(0, 0).toBuilder().addPromptIndices(2).build());
    assertInvalid(
        "names prompt 1 twice",
        mlp(0, 0).toBuilder().addPromptIndices(1).addPromptIndices(1).build());
  }

  @Test
  void interventionsThatSayNothing() {
    assertInvalid(
        "Intervention 0 does not say what to change; set heads, mlp or residual",
        Intervention.getDefaultInstance());
    assertInvalid(
        "does not say how to change heads; set pattern_scale, uniform",
        Intervention.newBuilder().setHeads(HeadIntervention.getDefaultInstance()).build());
    assertInvalid(
        "does not say how to change the MLP; set scale or patch",
        Intervention.newBuilder().setMlp(MlpIntervention.getDefaultInstance()).build());
    assertInvalid(
        "does not say how to change the residual stream; set patch",
        Intervention.newBuilder().setResidual(ResidualIntervention.getDefaultInstance()).build());
  }

  @Test
  void numbersThatAreNone() {
    assertInvalid("scales by NaN; give a finite number", mlp(0, Float.NaN));
    assertInvalid(
        "scales by Infinity", heads(0, heads -> heads.setPatternScale(Float.POSITIVE_INFINITY)));
    float[] values = new float[2 * 32];
    values[17] = Float.NaN;
    assertInvalid(
        "patches prompt 1 with NaN at element 17; send finite numbers",
        residual(0, patch(bytes(values))).toBuilder().addPromptIndices(1).build());
    values[17] = Float.NEGATIVE_INFINITY;
    assertInvalid(
        "patches prompt 1 with -Infinity at element 17",
        residual(0, patch(bytes(values))).toBuilder().addPromptIndices(1).build());
  }

  @Test
  void patchesOfAnotherShape() {
    assertInvalid(
        "has values for 1 prompts but changes 2; give values for each of them",
        residual(0, patch(bytes(new float[3 * 32]))));
    assertInvalid(
        "patches prompt 1 with 384 bytes but the residual stream [pos 2, d_model 32] takes 256 in float32",
        residual(0, patch(bytes(new float[3 * 32]), bytes(new float[3 * 32]))));
    assertInvalid(
        "patches prompt 0 with 3 bytes but the MLP [pos 3, d_model 32] takes 384",
        Intervention.newBuilder()
            .addPromptIndices(0)
            .setMlp(MlpIntervention.newBuilder().setPatch(patch(ByteString.copyFrom(new byte[3]))))
            .build());
    assertInvalid(
        "patches prompt 0 with 0 bytes but z [pos 3, head 2, d_head 8] takes 192",
        heads(0, heads -> heads.addHeads(3).addHeads(0).setZ(patch(ByteString.EMPTY))).toBuilder()
            .addPromptIndices(0)
            .build());
    assertInvalid(
        "but the pattern [head 4, query_pos 2, key_pos 2] takes 64",
        heads(0, heads -> heads.setPattern(patch(bytes(1, 2)))).toBuilder()
            .addPromptIndices(1)
            .build());
  }

  @Test
  void constantsThatDoNotFit() {
    assertInvalid(
        "Intervention 0 puts 36 bytes but z [head 2, d_head 8] takes 64 in float32",
        heads(0, heads -> heads.addHeads(3).addHeads(0).setConstantZ(constant(new float[9]))));
    float[] values = new float[8];
    values[5] = Float.NaN;
    assertInvalid(
        "puts NaN at element 5; send finite numbers",
        heads(0, heads -> heads.addHeads(3).setConstantZ(constant(values))));
    assertInvalid(
        "Intervention 1 changes z of layer 0 for prompt 1, which another intervention changes",
        heads(0, heads -> heads.addHeads(3).setConstantZ(constant(new float[8]))),
        heads(0, heads -> heads.setConstantZ(constant(new float[32]))).toBuilder()
            .addPromptIndices(1)
            .build());
  }

  @Test
  void twoInterventionsInOnePlace() {
    assertInvalid(
        "Intervention 1 changes the pattern of layer 2 for prompt 1, which another intervention changes already; leave one of them",
        heads(2, heads -> heads.addHeads(1).setPatternScale(0)),
        heads(2, heads -> heads.setUniform(UniformPattern.getDefaultInstance())).toBuilder()
            .addPromptIndices(1)
            .build());
    assertInvalid(
        "Intervention 1 changes the MLP of layer 0 for prompt 0", mlp(0, 0), mlp(0, 0.5f));
    assertThat(server.capture(with(mlp(0, 0), mlp(1, 0))).tensors()).isNotEmpty();
  }

  @Test
  void tooManyAndTooLarge() {
    int most = InferenceServer.INTERVENTION_LIMITS.maxCount();
    assertRefused(
        Status.Code.RESOURCE_EXHAUSTED,
        "51 interventions are more than the 50 a request may have; send fewer at a time or raise rolescope.inference.max-interventions",
        Collections.nCopies(most + 1, mlp(0, 0)).toArray(Intervention[]::new));
    assertRefused(
        Status.Code.RESOURCE_EXHAUSTED,
        "hold 1048580 bytes, more than the 1048576 a request may have; send fewer at a time or raise rolescope.inference.max-intervention-bytes",
        residual(0, patch(bytes(new float[(1 << 18) + 1]))));
  }

  private static ConstantOutput constant(float[] values) {
    return ConstantOutput.newBuilder().setValues(bytes(values)).build();
  }

  private static Patch patch(ByteString... values) {
    return Patch.newBuilder().addAllValues(List.of(values)).build();
  }

  private static CaptureRequest with(Intervention... interventions) {
    return request(MODEL, PROMPTS).addAllInterventions(List.of(interventions)).build();
  }

  private static void assertInvalid(String sentence, Intervention... interventions) {
    assertRefused(Status.Code.INVALID_ARGUMENT, sentence, interventions);
  }

  private static void assertRefused(
      Status.Code code, String sentence, Intervention... interventions) {
    assertThatThrownBy(() -> server.capture(with(interventions)))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failed -> assertThat(failed.getStatus().getCode()).isEqualTo(code))
        .hasMessageContaining(sentence);
  }
}

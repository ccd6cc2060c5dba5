package org.rolescope.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rolescope.inference.grpc.InterventionRequests.heads;
import static org.rolescope.inference.grpc.InterventionRequests.mlp;
import static org.rolescope.inference.grpc.InterventionRequests.residual;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.export.ExportRequest;
import org.rolescope.export.Exporter;
import org.rolescope.v1.GenerateRequest;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.Patch;
import org.rolescope.v1.PromptOptions;
import org.rolescope.v1.RandomPattern;
import org.rolescope.v1.ReferenceRandomPattern;
import org.rolescope.v1.ReferenceUniformPattern;

/** What cannot be generated is refused with one sentence and the right status. */
@Timeout(300)
final class GenerationRefusalIT {
  @TempDir static Path models;
  private static InferenceServer server;

  @BeforeAll
  static void start() throws IOException {
    new Exporter()
        .export(new ExportRequest(GoldenCase.read("gpt2").folder(), models.resolve("m"), 1, false));
    server = InferenceServer.start(models);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    server.close();
  }

  @Test
  void interventionsThatSayNothingOfTokensToCome() {
    for (Intervention bound :
        List.of(
            heads(0, heads -> heads.setRandom(RandomPattern.getDefaultInstance())),
            heads(
                0,
                heads -> heads.setReferenceUniform(ReferenceUniformPattern.getDefaultInstance())),
            heads(
                0, heads -> heads.setReferenceRandom(ReferenceRandomPattern.getDefaultInstance())),
            heads(0, heads -> heads.setPattern(Patch.getDefaultInstance())),
            heads(0, heads -> heads.setZ(Patch.getDefaultInstance())),
            residual(0, Patch.getDefaultInstance()))) {
      assertRefused(
          request().addInterventions(bound), Status.Code.INVALID_ARGUMENT, "tokens to come");
    }
  }

  @Test
  void interventionsThatDoNotFit() {
    assertRefused(
        request().addInterventions(mlp(9, 0)), Status.Code.INVALID_ARGUMENT, "the last layer is 2");
    assertRefused(
        request().addInterventions(mlp(0, 0).toBuilder().addPromptIndices(1)),
        Status.Code.INVALID_ARGUMENT,
        "the last prompt is 0");
    GenerateRequest.Builder many = request();
    for (int count = 0; count <= InferenceServer.INTERVENTION_LIMITS.maxCount(); count++) {
      many.addInterventions(mlp(0, 0));
    }
    assertRefused(many, Status.Code.RESOURCE_EXHAUSTED, "max-interventions");
  }

  @Test
  void promptsThatCannotBeContinued() {
    assertRefused(request().setPrompt(" "), Status.Code.INVALID_ARGUMENT, "empty");
    assertRefused(
        request().setPrompt("t1 ".repeat(48)),
        Status.Code.INVALID_ARGUMENT,
        "fill the model's context of 48");
    assertRefused(
        request().setPrompt("t1 ".repeat(49)), Status.Code.INVALID_ARGUMENT, "context ends at 48");
    assertRefused(
        request().setPromptOptions(PromptOptions.newBuilder().setChatTemplate(true)),
        Status.Code.INVALID_ARGUMENT,
        "has no chat template");
  }

  @Test
  void settingsOutOfRange() {
    assertRefused(request().setTemperature(-1), Status.Code.INVALID_ARGUMENT, "temperature");
    assertRefused(request().setTopP(2), Status.Code.INVALID_ARGUMENT, "top_p");
    assertRefused(request().addStop(""), Status.Code.INVALID_ARGUMENT, "stop text");
  }

  @Test
  void modelsThatAreNotThere() {
    assertRefused(request().setModel("other"), Status.Code.NOT_FOUND, "other");
  }

  private static GenerateRequest.Builder request() {
    return GenerateRequest.newBuilder().setModel("m").setPrompt("t1 t2");
  }

  private static void assertRefused(
      GenerateRequest.Builder request, Status.Code code, String named) {
    assertThatThrownBy(() -> server.stub().generate(request.build()).next())
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused -> assertThat(refused.getStatus().getCode()).isEqualTo(code))
        .hasMessageContaining(named);
  }
}

package org.rolescope.orchestrator.http;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.util.List;
import java.util.Optional;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.view.Catalog;
import org.rolescope.orchestrator.view.CrossModel;
import org.rolescope.orchestrator.view.CrossModel.Statistic;
import org.rolescope.orchestrator.view.Versions;

/** What is seen across runs, and the description of the API. */
@Controller(Http.API)
@ExecuteOn(TaskExecutors.BLOCKING)
@Requires(property = Http.ENABLED, value = "true")
final class AcrossController {
  private final Catalog catalog;
  private final BodyCache bodies;
  private final Body description = Body.of(Http.YAML, ApiDescription.yaml());

  AcrossController(Catalog catalog, BodyCache bodies) {
    this.catalog = catalog;
    this.bodies = bodies;
  }

  @Operation(
      summary = "Every measured version of every model family, in order of time.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "The versions.",
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON,
                      schema = @Schema(implementation = Versions.class))))
  @Get("/versions")
  HttpResponse<byte[]> versions(HttpRequest<?> request) {
    return bodies.get("versions", catalog.stamp(), catalog::versions).answer(request);
  }

  @Operation(
      summary =
          "Families against each other: runs named apart by commas, or the newest comparison of"
              + " each family.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "The families.",
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON,
                      schema = @Schema(implementation = CrossModel.class))))
  @Get("/cross-model")
  HttpResponse<byte[]> crossModel(
      HttpRequest<?> request,
      @QueryValue Optional<String> runs,
      @QueryValue Optional<String> statistic) {
    List<RunId> ids = Questions.runs(runs);
    Statistic wanted = Questions.statistic(statistic);
    return bodies
        .get(
            "cross-model %s %s".formatted(ids, wanted),
            catalog.stamp(),
            () -> catalog.crossModel(ids, wanted))
        .answer(request);
  }

  @Operation(
      summary = "This description.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "OpenAPI 3.",
              content = @Content(mediaType = Http.YAML, schema = @Schema(type = "string"))))
  @Get("/openapi.yaml")
  @Produces(Http.YAML)
  HttpResponse<byte[]> description(HttpRequest<?> request) {
    return description.answer(request);
  }
}

package org.rolescope.orchestrator.http;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.server.types.files.SystemFile;
import io.micronaut.http.sse.Event;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.reactivestreams.Publisher;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.view.Artifact;
import org.rolescope.orchestrator.view.Catalog;
import org.rolescope.orchestrator.view.RunDetail;
import org.rolescope.orchestrator.view.RunSummary;

/** Runs: the list, one of them, how it goes, and its files. */
@Controller(Http.API + "/runs")
@ExecuteOn(TaskExecutors.BLOCKING)
@Requires(property = Http.ENABLED, value = "true")
final class RunsController {
  /** A page from a run can do no more than look as it was made to. */
  private static final String ARTIFACT_POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none';"
          + " sandbox";

  private final Catalog catalog;
  private final RunEvents events;

  RunsController(Catalog catalog, RunEvents events) {
    this.catalog = catalog;
    this.events = events;
  }

  @Operation(
      summary = "Lists runs, newest first.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "A page of runs.",
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON,
                      schema = @Schema(implementation = Page.class))))
  @Get
  HttpResponse<byte[]> list(
      HttpRequest<?> request,
      @QueryValue Optional<String> family,
      @QueryValue Optional<String> state,
      @Parameter(schema = @Schema(type = "integer", format = "int32")) @QueryValue("page_size")
          Optional<String> pageSize,
      @QueryValue("page_token") Optional<String> pageToken) {
    Optional<String> wanted = Questions.state(state).map(Questions::word);
    List<RunSummary> runs =
        catalog.list().stream()
            .filter(run -> family.map(run.family()::equals).orElse(true))
            .filter(run -> wanted.map(run.state()::equals).orElse(true))
            .toList();
    return Body.json(Page.of(runs, Questions.number("page_size", pageSize), pageToken))
        .answer(request);
  }

  @Operation(
      summary = "Describes a run.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "The run.",
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON,
                      schema = @Schema(implementation = RunDetail.class))))
  @Get("/{id}")
  HttpResponse<byte[]> detail(HttpRequest<?> request, String id) {
    return Body.json(catalog.detail(new RunId(id))).answer(request);
  }

  @Operation(
      summary = "Follows a run: server-sent events `progress` and, last, `end`.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "Events until the run ends.",
              content =
                  @Content(
                      mediaType = MediaType.TEXT_EVENT_STREAM,
                      schema = @Schema(implementation = RunEvents.RunProgress.class))))
  @Get("/{id}/events")
  @Produces(MediaType.TEXT_EVENT_STREAM)
  Publisher<Event<String>> events(String id) {
    return events.of(new RunId(id));
  }

  @Operation(
      summary = "A file of a complete run, by its path in RunDetail.artifacts.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "The file.",
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_OCTET_STREAM,
                      schema = @Schema(type = "string", format = "binary"))))
  @Get("/{id}/artifacts/{path:.+}")
  @Produces(MediaType.ALL)
  HttpResponse<SystemFile> artifact(String id, String path) {
    Path file = catalog.views(new RunId(id)).artifact(path);
    return HttpResponse.ok(new SystemFile(file.toFile(), MediaType.of(Artifact.mediaType(path))))
        .header(SafeHeaders.POLICY, ARTIFACT_POLICY);
  }
}

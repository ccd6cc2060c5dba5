package org.rolescope.orchestrator.http;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Hidden;

/** The dashboard. Its views are told apart behind the {@code #}, so there is only one page. */
@Hidden
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
@Requires(property = Http.ENABLED, value = "true")
final class DashboardController {
  private final DashboardFiles files;

  DashboardController(DashboardFiles files) {
    this.files = files;
  }

  @Get
  @Produces(MediaType.ALL)
  HttpResponse<byte[]> page(HttpRequest<?> request) {
    return file(request, "");
  }

  @Get("/{path:(?!api/).+}")
  @Produces(MediaType.ALL)
  HttpResponse<byte[]> file(HttpRequest<?> request, String path) {
    return files
        .file(path)
        .<HttpResponse<byte[]>>map(
            body -> body.answer(request).header(SafeHeaders.POLICY, files.policy()))
        .orElseGet(
            () ->
                Problem.of(
                        request,
                        HttpStatus.NOT_FOUND,
                        "There is nothing at %s; the dashboard begins at / and the API is described at %s/openapi.yaml"
                            .formatted(request.getPath(), Http.API))
                    .into(HttpResponse.notFound()));
  }
}

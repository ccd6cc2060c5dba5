package org.rolescope.orchestrator.http;

import io.micronaut.context.annotation.Primary;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;

/** Tells of everything else that goes wrong, such as a path that leads nowhere. */
@Primary
@Singleton
@Requires(property = Http.ENABLED, value = "true")
final class ProblemResponses implements ErrorResponseProcessor<byte[]> {
  @Override
  public MutableHttpResponse<byte[]> processResponse(
      ErrorContext error, MutableHttpResponse<?> response) {
    HttpStatus status = response.status();
    return Problem.of(error.getRequest(), status, detail(error, status)).into(response);
  }

  private static String detail(ErrorContext error, HttpStatus status) {
    if (status.getCode() >= HttpStatus.INTERNAL_SERVER_ERROR.getCode()) {
      return "An unforeseen error occurred; the log of the server says more";
    }
    if (status == HttpStatus.NOT_FOUND) {
      return "There is nothing at %s; %s/openapi.yaml describes what there is"
          .formatted(error.getRequest().getPath(), Http.API);
    }
    return error.getErrors().isEmpty()
        ? status.getReason()
        : error.getErrors().getFirst().getMessage();
  }
}

package org.rolescope.orchestrator.http;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import org.rolescope.fault.RolescopeException;

/** Tells of a fault by its sentence. */
@Singleton
@Produces(Http.PROBLEM_JSON)
@Requires(property = Http.ENABLED, value = "true")
final class FaultHandler implements ExceptionHandler<RolescopeException, HttpResponse<byte[]>> {
  @Override
  @SuppressWarnings("rawtypes")
  public HttpResponse<byte[]> handle(HttpRequest request, RolescopeException fault) {
    return Problem.of(request, Problem.status(fault.code()), fault.getMessage())
        .into(HttpResponse.ok());
  }
}

package org.rolescope.orchestrator.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import org.rolescope.fault.FaultCode;
import org.rolescope.orchestrator.view.ViewJson;

/**
 * Why there is no answer, by RFC 9457.
 *
 * @param type always {@code about:blank}: the status says what kind it is
 * @param title the status in words
 * @param status the status
 * @param detail one sentence that names the thing and the remedy
 * @param instance path of the request
 */
record Problem(String type, String title, int status, String detail, String instance) {
  /** A problem of a request. */
  static Problem of(HttpRequest<?> request, HttpStatus status, String detail) {
    return new Problem(
        "about:blank", status.getReason(), status.getCode(), detail, request.getPath());
  }

  /** The status of a fault. */
  static HttpStatus status(FaultCode code) {
    return switch (code) {
      case INVALID_ARGUMENT -> HttpStatus.BAD_REQUEST;
      case NOT_FOUND -> HttpStatus.NOT_FOUND;
      case MALFORMED_MODEL -> HttpStatus.UNPROCESSABLE_ENTITY;
      case CONFLICT -> HttpStatus.CONFLICT;
      case UNAVAILABLE, RESOURCE_EXHAUSTED, CANCELLED -> HttpStatus.SERVICE_UNAVAILABLE;
      case DEADLINE_EXCEEDED -> HttpStatus.GATEWAY_TIMEOUT;
      case DATA_LOSS, INTERNAL -> HttpStatus.INTERNAL_SERVER_ERROR;
    };
  }

  /** Puts it into a response. */
  <T> MutableHttpResponse<byte[]> into(MutableHttpResponse<T> response) {
    return response
        .status(HttpStatus.valueOf(status))
        .contentType(MediaType.of(Http.PROBLEM_JSON))
        .body(ViewJson.bytes(this));
  }
}

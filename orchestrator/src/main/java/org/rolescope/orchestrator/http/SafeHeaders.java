package org.rolescope.orchestrator.http;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;

/**
 * What every answer says to browsers: take it for what it is said to be, and do nothing with it.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Requires(property = Http.ENABLED, value = "true")
final class SafeHeaders {
  static final String POLICY = "Content-Security-Policy";

  @ResponseFilter
  void filter(MutableHttpResponse<?> response) {
    response.header("X-Content-Type-Options", "nosniff");
    response.header("Referrer-Policy", "no-referrer");
    response.header("Cross-Origin-Resource-Policy", "same-origin");
    if (!response.getHeaders().contains(POLICY)) {
      response.header(POLICY, "default-src 'none'; frame-ancestors 'none'");
    }
    if (!response.getHeaders().contains(HttpHeaders.CACHE_CONTROL)) {
      response.header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
  }
}

package org.rolescope.orchestrator.http;

/** Names that several classes here share. */
final class Http {
  /** Nothing here is there unless this is true. */
  static final String ENABLED = "rolescope.orchestrator.http.enabled";

  /** Root of the API. */
  static final String API = "/api/v1";

  /** RFC 9457. */
  static final String PROBLEM_JSON = "application/problem+json";

  /** OpenAPI in YAML, RFC 9512. */
  static final String YAML = "application/yaml";

  private Http() {}
}

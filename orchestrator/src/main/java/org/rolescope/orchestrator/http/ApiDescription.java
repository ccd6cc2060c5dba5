package org.rolescope.orchestrator.http;

import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.info.License;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The description of the API in OpenAPI, made from the controllers when they are compiled. */
@OpenAPIDefinition(
    info =
        @Info(
            title = "Rolescope",
            version = "v1",
            description =
                "Runs and what they found. Entropies are in nats; layers, heads and prompts count"
                    + " from 0; a number that does not exist is null. Errors are"
                    + " application/problem+json (RFC 9457).",
            license = @License(name = "Apache-2.0")))
final class ApiDescription {
  private static final String RESOURCE = "/META-INF/swagger/rolescope-api.yml";

  private ApiDescription() {}

  /** As YAML. */
  static byte[] yaml() {
    try (InputStream in = ApiDescription.class.getResourceAsStream(RESOURCE)) {
      return in.readAllBytes();
    } catch (IOException impossible) {
      throw new UncheckedIOException("resource " + RESOURCE, impossible);
    }
  }
}

package org.rolescope.orchestrator.artifacts;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The software that made a result, as far as it may bear on the numbers. Nothing that names a
 * machine or a user.
 *
 * @param rolescope version of Rolescope
 * @param java version of Java
 * @param operatingSystem its name, without a version
 * @param architecture of the processor
 */
public record Software(String rolescope, String java, String operatingSystem, String architecture) {
  private static final String RESOURCE = "/org/rolescope/orchestrator/version.properties";

  /** Checks that everything is there. */
  public Software {
    requireNonNull(rolescope, "rolescope is null");
    requireNonNull(java, "java is null");
    requireNonNull(operatingSystem, "operatingSystem is null");
    requireNonNull(architecture, "architecture is null");
  }

  /** What runs here and now. */
  public static Software current() {
    return new Software(
        version(),
        System.getProperty("java.version"),
        System.getProperty("os.name"),
        System.getProperty("os.arch"));
  }

  private static String version() {
    try (InputStream in = Software.class.getResourceAsStream(RESOURCE)) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException impossible) {
      throw new UncheckedIOException("resource " + RESOURCE, impossible);
    }
  }
}

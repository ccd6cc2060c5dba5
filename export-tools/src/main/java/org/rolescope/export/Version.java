package org.rolescope.export;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of Rolescope, filled in by the build. */
final class Version {
  private Version() {}

  /** The version, for example {@code 0.1.0}. */
  static String current() {
    Properties properties = new Properties();
    try (InputStream resource = Version.class.getResourceAsStream("version.properties")) {
      properties.load(resource);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return properties.getProperty("version");
  }
}

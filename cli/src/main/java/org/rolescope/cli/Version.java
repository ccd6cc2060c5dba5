package org.rolescope.cli;

import picocli.CommandLine.IVersionProvider;

/** Answers {@code --version} from the jar's manifest. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Rolescope.class.getPackage().getImplementationVersion();
    return new String[] {
      "rolescope " + (version == null ? "(not packaged)" : version),
      "Java " + Runtime.version() + ", " + System.getProperty("os.name")
    };
  }
}

package org.rolescope.cli.command;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where models and runs are kept. */
final class DataOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:ROLESCOPE_DATA:-rolescope-data}",
      description = "Folder of models and runs (default: ROLESCOPE_DATA, else ./rolescope-data).")
  private Path data;

  Path folder() {
    return data.toAbsolutePath().normalize();
  }

  Path model(String name) {
    return folder().resolve("models").resolve(name);
  }
}

package org.rolescope.cli.command;

import java.nio.file.Path;
import org.rolescope.cli.family.Families;
import picocli.CommandLine.Option;

/** Where families are looked up. */
final class FamilyOptions {
  @Option(
      names = "--families",
      paramLabel = "FILE",
      description =
          "YAML file with families of your own, besides those shipped and those of "
              + "./families.yml; a family replaces one of the same name.")
  private Path file;

  Families families() {
    return Families.read(home(), Path.of("").toAbsolutePath(), file);
  }

  /** Rolescope's own folder. */
  static Path home() {
    return Path.of(System.getProperty("rolescope.home", ".")).toAbsolutePath();
  }
}

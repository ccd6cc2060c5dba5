package org.rolescope.cli.command;

import java.nio.file.Path;
import java.util.Optional;
import org.rolescope.cli.family.Family;
import org.rolescope.cli.family.ModelSource;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which models a run is about: a family by its name, or models named here and now. */
final class FamilyChoice {
  @Option(
      names = "--family",
      paramLabel = "NAME",
      required = true,
      description = "The family, as `rolescope families` lists it.")
  private String name;

  @ArgGroup(exclusive = false)
  private Models models;

  /** Models that no file names. */
  static final class Models {
    @Option(
        names = "--base",
        paramLabel = "MODEL",
        required = true,
        description =
            "Instead of a family, its base model: ORG/NAME or ORG/NAME@REVISION on the hub, or a "
                + "folder that begins with ./, ../ or /.")
    private String base;

    @Option(
        names = "--instruct",
        paramLabel = "MODEL",
        description = "With --base, the instruct model; without it the base is measured alone.")
    private String instruct;

    private Family family() {
      Path here = Path.of("").toAbsolutePath();
      ModelSource source = ModelSource.of(base, here);
      return new Family(
          source.name(),
          source,
          Optional.ofNullable(instruct).map(text -> ModelSource.of(text, here)),
          "command line");
    }
  }

  /** The family chosen. */
  Family family(FamilyOptions families) {
    return models == null ? families.families().named(name) : models.family();
  }
}

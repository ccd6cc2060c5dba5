package org.rolescope.cli.command;

import picocli.CommandLine.Option;

/** What of a whole run is left out. */
final class SkipOptions {
  @Option(
      names = "--skip-analysis",
      description =
          "Download, export and measure nothing: show again what an earlier run of the "
              + "same family and options found.")
  private boolean analysis;

  @Option(
      names = "--skip-comparison",
      description =
          "Measure each model in a run of its own and compare nothing. A comparison later "
              + "measures both again.")
  private boolean comparison;

  @Option(
      names = "--skip-visualization",
      description = "Write no report and draw no figures at the end.")
  private boolean visualization;

  @Option(
      names = "--skip-verification",
      description = "Do not check the models against their checkpoints before they are measured.")
  private boolean verification;

  boolean analysis() {
    return analysis;
  }

  boolean comparison() {
    return comparison;
  }

  boolean visualization() {
    return visualization;
  }

  boolean verification() {
    return verification;
  }
}

package org.rolescope.cli.command;

import org.rolescope.orchestrator.plan.RoleCategoryNames;
import picocli.CommandLine.Option;

/** Which category of a prompt set plays which part. */
final class RoleNameOptions {
  @Option(
      names = "--self",
      paramLabel = "CATEGORY",
      defaultValue = "",
      description = "Prompts about the model itself (default: self_referent).")
  private String self;

  @Option(
      names = "--neutral",
      paramLabel = "CATEGORY",
      defaultValue = "",
      description = "Prompts about nobody (default: neutral).")
  private String neutral;

  @Option(
      names = "--confounder",
      paramLabel = "CATEGORY",
      defaultValue = "",
      description = "Prompts about the user (default: confounder; without them there is no RSI).")
  private String confounder;

  RoleCategoryNames names() {
    return new RoleCategoryNames(self, neutral, confounder);
  }
}

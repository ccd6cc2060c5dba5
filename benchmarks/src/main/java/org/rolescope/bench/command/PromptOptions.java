package org.rolescope.bench.command;

import java.util.List;
import org.rolescope.bench.analysis.Prompts;
import picocli.CommandLine.Option;

/** Which prompts to analyse. */
final class PromptOptions {
  @Option(names = "--prompts", defaultValue = "120", description = "Number of prompts.")
  private int count;

  @Option(names = "--tokens", defaultValue = "8", description = "Tokens of a prompt.")
  private int length;

  /** The prompts. */
  List<String> prompts() {
    return Prompts.random(count, length);
  }
}

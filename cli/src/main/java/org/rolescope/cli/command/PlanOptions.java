package org.rolescope.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.client.PromptOptionsMessage;
import org.rolescope.orchestrator.client.RoleOptionsMessage;
import org.rolescope.orchestrator.plan.EntropyName;
import org.rolescope.orchestrator.plan.PromptSets;
import org.rolescope.orchestrator.plan.RoleCategoryNames;
import org.rolescope.v1.PromptSet;
import org.rolescope.v1.RoleCategories;
import org.rolescope.v1.RoleOptions;
import org.rolescope.v1.RunPlan;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What to measure with. */
final class PlanOptions {
  @Option(
      names = "--prompts",
      paramLabel = "SET",
      defaultValue = "default",
      description =
          "Prompt set: default, published (the study's, as it was), or a JSON, YAML or "
              + "CSV file (default: ${DEFAULT-VALUE}).")
  private String prompts;

  @Option(
      names = "--prompts-per-category",
      paramLabel = "N",
      description = "Use only the first N prompts of each category (default: all).")
  private Integer promptsPerCategory;

  @Mixin private PromptOptions promptOptions;
  @Mixin private RoleNameOptions roles;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of bootstrap and permutations (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--resamples",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Bootstrap resamples, and permutations (default: ${DEFAULT-VALUE}).")
  private int resamples;

  @Option(
      names = "--entropy",
      paramLabel = "KIND",
      defaultValue = "exact",
      description =
          "Entropy the default estimator rests on: reference, exact, length-normalised, "
              + "sink-excluded, position-matched or norm-weighted (default: ${DEFAULT-VALUE}).")
  private String entropy;

  @Option(
      names = "--no-raw-patterns",
      description = "Do not write the attention patterns themselves (NPZ files).")
  private boolean skipRawPatterns;

  @Option(
      names = "--accept-wrong",
      description = "Measure even models that verification found WRONG.")
  private boolean acceptWrong;

  /** The plan these options make. */
  RunPlan plan(String family, String baseModel, String instructModel) {
    if (resamples < 1) {
      throw invalid("--resamples is %d; give at least 1".formatted(resamples));
    }
    return RunPlan.newBuilder()
        .setFamily(family)
        .setBaseModel(baseModel)
        .setInstructModel(instructModel)
        .setPromptSet(promptSet())
        .setOptions(
            RoleOptions.newBuilder()
                .setRoles(roles())
                .setSeed(seed)
                .setBootstrapResamples(resamples)
                .setPermutations(resamples)
                .setEntropy(RoleOptionsMessage.kind(EntropyName.of(entropy))))
        .setSkipRawPatterns(skipRawPatterns)
        .setPromptOptions(PromptOptionsMessage.of(promptOptions.options()))
        .setAcceptWrongParity(acceptWrong)
        .build();
  }

  boolean acceptWrong() {
    return acceptWrong;
  }

  private RoleCategories roles() {
    RoleCategoryNames names = roles.names();
    return RoleCategories.newBuilder()
        .setSelf(names.self())
        .setNeutral(names.neutral())
        .setConfounder(names.confounder())
        .build();
  }

  private PromptSet promptSet() {
    org.rolescope.orchestrator.plan.PromptSet set = chosenSet(prompts);
    PromptSet.Builder message = PromptSet.newBuilder().setName(set.name());
    set.categories()
        .forEach(
            category ->
                message
                    .addCategoriesBuilder()
                    .setName(category.name())
                    .addAllPrompts(first(category.prompts())));
    return message.build();
  }

  /**
   * A prompt set as options name it.
   *
   * @param prompts name of a built-in set, or a file
   */
  static org.rolescope.orchestrator.plan.PromptSet chosenSet(String prompts) {
    Path file = Path.of(prompts);
    return Files.isRegularFile(file) ? PromptSets.read(file) : PromptSets.bundled(prompts);
  }

  private List<String> first(List<String> all) {
    if (promptsPerCategory == null) {
      return all;
    }
    if (promptsPerCategory < 1) {
      throw invalid("--prompts-per-category is %d; give at least 1".formatted(promptsPerCategory));
    }
    return all.subList(0, Math.min(promptsPerCategory, all.size()));
  }

  private static RolescopeException invalid(String message) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, message);
  }
}

package org.rolescope.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.plan.PairTexts;
import org.rolescope.orchestrator.plan.PromptCategory;
import org.rolescope.orchestrator.plan.PromptSet;
import org.rolescope.v1.AnswerTexts;
import org.rolescope.v1.PromptPair;
import picocli.CommandLine.Option;

/** Between which models and prompts something is patched. */
final class PatchedPairOptions {
  private static final String CONFOUNDER = "confounder";
  private static final String THIRD_PERSON = "third_person";

  @Option(names = "--source", paramLabel = "MODEL", description = "The model patched from.")
  private String source;

  @Option(names = "--target", paramLabel = "MODEL", description = "The model patched into.")
  private String target;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "Patch within this model, between the prompts of --pairs.")
  private String model;

  @Option(
      names = "--pairs",
      paramLabel = "PAIRS",
      description =
          "confounder: prompts of the set about the user into those about a third person; or a "
              + "JSON or CSV file with clean, corrupt, answer and wrong_answer "
              + "(default: the same prompts in both models).")
  private String pairs;

  @Option(
      names = "--prompts",
      paramLabel = "SET",
      defaultValue = "default",
      description =
          "Prompt set: default, published, or a JSON, YAML or CSV file (default: "
              + "${DEFAULT-VALUE}).")
  private String prompts;

  @Option(
      names = "--prompts-per-category",
      paramLabel = "N",
      description = "Use only the first N prompts of a category (default: all).")
  private Integer promptsPerCategory;

  @Option(
      names = "--category",
      paramLabel = "NAME",
      defaultValue = "self_referent",
      description =
          "Category of the prompts that both models are given (default: ${DEFAULT-VALUE}).")
  private String category;

  /** The model patched from and the one patched into. */
  record Models(String source, String target) {}

  /** Whether the models are named here, and not by the run whose candidates are patched. */
  boolean namesModels() {
    return source != null || target != null || model != null;
  }

  /**
   * The models named here.
   *
   * @throws RolescopeException INVALID_ARGUMENT where there are too few or too many
   */
  Models models() {
    if (model != null) {
      if (source != null || target != null) {
        throw invalid("--model patches within one model; leave out --source and --target");
      }
      if (pairs == null) {
        throw invalid(
            "--model patches between the prompts of a pair; give --pairs confounder or a file");
      }
      return new Models(model, model);
    }
    if (source == null || target == null) {
      throw invalid(
          "Name two models with --source and --target, or one with --model and its --pairs");
    }
    return new Models(source, target);
  }

  /** Whether prompts of equal index are pairs only where they have as many tokens. */
  boolean dependOnTokens() {
    return CONFOUNDER.equals(pairs);
  }

  /** The pairs, of whatever length. */
  List<PromptPair> pairs(Models models) {
    if (pairs == null) {
      return category(PlanOptions.chosenSet(prompts), category).stream()
          .map(prompt -> PromptPair.newBuilder().setSource(prompt).setTarget(prompt).build())
          .toList();
    }
    return dependOnTokens() ? confounderPairs(models) : read(Path.of(pairs));
  }

  /** The pairs of a file: clean is the source, corrupt the target. */
  static List<PromptPair> read(Path file) {
    return PairTexts.read(file).stream().map(PatchedPairOptions::pair).toList();
  }

  private List<PromptPair> confounderPairs(Models models) {
    if (!models.source().equals(models.target())) {
      throw invalid("--pairs confounder patches within one model; name it with --model");
    }
    PromptSet set = PlanOptions.chosenSet(prompts);
    List<String> confounders = category(set, CONFOUNDER);
    List<String> others = category(set, THIRD_PERSON);
    return IntStream.range(0, Math.min(confounders.size(), others.size()))
        .mapToObj(
            index ->
                PromptPair.newBuilder()
                    .setSource(confounders.get(index))
                    .setTarget(others.get(index))
                    .build())
        .toList();
  }

  private List<String> category(PromptSet set, String name) {
    List<String> all =
        set.categories().stream()
            .filter(each -> each.name().equals(name))
            .map(PromptCategory::prompts)
            .findFirst()
            .orElseThrow(
                () ->
                    invalid(
                        "Prompt set %s has no category %s; it has %s"
                            .formatted(
                                set.name(),
                                name,
                                String.join(
                                    ", ",
                                    set.categories().stream()
                                        .map(PromptCategory::name)
                                        .toList()))));
    if (promptsPerCategory == null) {
      return all;
    }
    if (promptsPerCategory < 1) {
      throw invalid("--prompts-per-category is %d; give at least 1".formatted(promptsPerCategory));
    }
    return all.subList(0, Math.min(promptsPerCategory, all.size()));
  }

  private static PromptPair pair(PairTexts texts) {
    PromptPair.Builder pair =
        PromptPair.newBuilder().setSource(texts.clean()).setTarget(texts.corrupt());
    if (texts.hasAnswers()) {
      pair.setAnswers(
          AnswerTexts.newBuilder().setFirst(texts.answer()).setSecond(texts.wrongAnswer()));
    }
    return pair.build();
  }

  private static RolescopeException invalid(String message) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, message);
  }
}

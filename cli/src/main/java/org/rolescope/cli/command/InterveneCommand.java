package org.rolescope.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.rolescope.cli.services.Connection;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.plan.AblationFile;
import org.rolescope.orchestrator.plan.AblationNames;
import org.rolescope.orchestrator.plan.AnswerFile;
import org.rolescope.v1.AblationMethod;
import org.rolescope.v1.InterventionPlan;
import org.rolescope.v1.NamedIntervention;
import org.rolescope.v1.RunPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rolescope intervene}. */
@Command(
    name = "intervene",
    mixinStandardHelpOptions = true,
    header = "Ablate heads, layers or MLPs of a model and measure what that does.",
    description = {
      "Either what a plan file says (--model, --plan), or the candidates of a finished comparison",
      "(--family or --run), on its instruct model and its own prompts."
    })
public final class InterveneCommand implements Callable<Integer> {
  /** What the run's own plan says, where its candidates are ablated. */
  private static final List<String> OF_THE_RUN =
      List.of(
          "--prompts",
          "--prompts-per-category",
          "--bos",
          "--chat-template",
          "--self",
          "--neutral",
          "--confounder",
          "--seed",
          "--resamples",
          "--entropy");

  private static final List<String> OF_CANDIDATES = List.of("--run", "--top-k", "--method");

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "Name of the model, as `rolescope models` lists it "
              + "(default: the instruct model of the comparison).")
  private String model;

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = "JSON file of ablations, in the published study's format.")
  private Path file;

  @Option(
      names = "--family",
      paramLabel = "NAME",
      description =
          "Family of the comparison; with --plan, the name in the folders (default: the model's).")
  private String family;

  @Option(
      names = "--run",
      paramLabel = "RUN",
      description = "Id or folder of the comparison (default: the one of --family).")
  private String run;

  @Option(
      names = "--top-k",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many candidates to ablate (default: ${DEFAULT-VALUE}).")
  private int topK;

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      defaultValue = "zero_out",
      description =
          "How candidates are ablated: zero_out, half_out, uniform, random, mean, "
              + "reference_uniform or reference_random (default: ${DEFAULT-VALUE}).")
  private String method;

  @Option(
      names = "--answers",
      paramLabel = "FILE",
      description =
          "CSV file with columns prompt, first, second: two answers to each prompt, whose logit "
              + "difference is measured.")
  private Path answers;

  @Mixin private DataOptions data;
  @Mixin private PlanOptions plan;
  @Mixin private RunOptions options;

  /** Picocli creates commands. */
  public InterveneCommand() {}

  @Override
  public Integer call() {
    refuse(List.of("--no-raw-patterns"), "%s has no effect, for ablations keep no patterns");
    InterventionDriver driver =
        new InterventionDriver(spec.commandLine().getOut(), spec.commandLine().getErr());
    if (file != null) {
      InterventionPlan planned = completed(planned());
      try (Connection connection = options.connect(data.folder())) {
        driver.run(connection, planned, options);
      }
      return 0;
    }
    AblationMethod chosen = checkedMethod();
    RunChoice choice = RunChoice.of(run, family, data.folder());
    try (Connection connection = options.connect(choice.data())) {
      CandidateAblations candidates = new CandidateAblations(connection, topK, chosen);
      driver.run(connection, completed(candidates.plan(choice, model)), options);
    }
    return 0;
  }

  /** The plan of the file. */
  private InterventionPlan planned() {
    refuse(OF_CANDIDATES, "%s is for candidates, but --plan names what is ablated");
    if (model == null) {
      throw invalid("No model is named; give its name with --model");
    }
    List<NamedIntervention> interventions = AblationFile.read(file);
    RunPlan prompts = plan.plan(family == null ? model : family, model, "");
    return CandidateAblations.plan(prompts, model, interventions);
  }

  private AblationMethod checkedMethod() {
    if (run == null && family == null) {
      throw invalid(
          "Nothing to ablate is named; give a plan file with --plan and --model, or a comparison with --family or --run");
    }
    refuse(OF_THE_RUN, "%s is settled by the comparison, on whose prompts candidates are ablated");
    if (topK < 1) {
      throw invalid("--top-k is %d; give at least 1".formatted(topK));
    }
    return AblationNames.method(method)
        .orElseThrow(
            () ->
                invalid(
                    "--method %s is no method; use one of %s"
                        .formatted(method, AblationNames.allMethods())));
  }

  /** The plan with what does not depend on where it comes from. */
  private InterventionPlan completed(InterventionPlan chosen) {
    InterventionPlan.Builder completed =
        chosen.toBuilder().setAcceptWrongParity(plan.acceptWrong());
    if (answers != null) {
      completed.addAllAnswers(AnswerFile.read(answers).of(texts(chosen)));
    }
    return completed.build();
  }

  private static List<String> texts(InterventionPlan plan) {
    return plan.getPromptSet().getCategoriesList().stream()
        .flatMap(category -> category.getPromptsList().stream())
        .toList();
  }

  private void refuse(List<String> names, String reason) {
    for (String name : names) {
      if (spec.commandLine().getParseResult().hasMatchedOption(name)) {
        throw invalid("Option " + reason.formatted(name) + "; leave it out");
      }
    }
  }

  private static RolescopeException invalid(String message) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, message);
  }
}

package org.rolescope.orchestrator.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.rolescope.orchestrator.artifacts.EntropyNames;
import org.rolescope.orchestrator.artifacts.ModelPart;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.plan.PromptCategory;
import org.rolescope.orchestrator.plan.PromptSet;
import org.rolescope.orchestrator.plan.PromptSetJson;
import org.rolescope.orchestrator.runstore.Checkpoint;
import org.rolescope.orchestrator.runstore.RuntimeNames;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.Model;
import org.rolescope.v1.Parity;
import org.rolescope.v1.RoleOptions;

/**
 * What was run.
 *
 * @param models the models
 * @param digests name and digest of each model
 * @param notes a sentence for each model that is not known to compute what its checkpoint says, or
 *     whose weights were quantised
 * @param promptSetName name of the prompt set
 * @param promptSetDigest its digest
 * @param categories categories of prompts
 * @param settings options and software
 */
record RunFacts(
    ReportTable models,
    List<String> digests,
    List<String> notes,
    String promptSetName,
    String promptSetDigest,
    ReportTable categories,
    ReportTable settings) {
  private static final String NOT_RECORDED = "not recorded";

  RunFacts {
    digests = List.copyOf(digests);
    notes = List.copyOf(notes);
  }

  static RunFacts of(FinishedRun run) {
    PromptSet promptSet = run.run().plan().promptSet();
    return new RunFacts(
        models(run),
        run.run().models().values().stream()
            .map(model -> "Digest of %s: %s".formatted(model.getName(), model.getDigest()))
            .toList(),
        run.run().models().values().stream()
            .flatMap(model -> Stream.of(note(model), quantisationNote(model)))
            .flatMap(Optional::stream)
            .toList(),
        promptSet.name(),
        PromptSetJson.digest(promptSet),
        categories(promptSet, run.options()),
        settings(run));
  }

  private static ReportTable models(FinishedRun run) {
    List<Map.Entry<ModelSlot, Model>> models = List.copyOf(run.run().models().entrySet());
    return ReportTable.of(models)
        .text("Part", model -> ModelPart.of(model.getKey(), run.compares()))
        .text("Model", model -> model.getValue().getName())
        .text("Architecture", model -> model.getValue().getArchitecture())
        .number("Layers", model -> "" + model.getValue().getLayerCount())
        .number("Heads", model -> "" + model.getValue().getHeadCount())
        .number("Parameters", model -> "" + model.getValue().getParameterCount())
        .text("Begin token", model -> beginToken(run, model.getKey()))
        .text("Parity", model -> parity(model.getValue().getParity()))
        .build();
  }

  private static String beginToken(FinishedRun run, ModelSlot slot) {
    Path file = run.folder().started(slot);
    if (!Files.exists(file)) {
      return NOT_RECORDED;
    }
    CaptureStarted started = Checkpoint.read(file, CaptureStarted.parser());
    if (!started.hasPromptOptions()) {
      return NOT_RECORDED;
    }
    return started.getBeginToken().isEmpty() ? "none" : started.getBeginToken();
  }

  private static ReportTable categories(PromptSet promptSet, RoleOptions options) {
    return ReportTable.of(promptSet.categories())
        .text("Category", PromptCategory::name)
        .text("Part", category -> part(category.name(), options))
        .number("Prompts", category -> "" + category.prompts().size())
        .build();
  }

  private static String part(String category, RoleOptions options) {
    if (category.equals(options.getRoles().getSelf())) {
      return "self";
    }
    if (category.equals(options.getRoles().getNeutral())) {
      return "neutral";
    }
    return category.equals(options.getRoles().getConfounder()) ? "confounder" : "";
  }

  private static ReportTable settings(FinishedRun run) {
    RoleOptions options = run.options();
    List<Map.Entry<String, String>> settings = new ArrayList<>();
    settings.add(Map.entry("Seed", Long.toUnsignedString(options.getSeed())));
    settings.add(Map.entry("Bootstrap resamples", "" + options.getBootstrapResamples()));
    settings.add(Map.entry("Permutations", "" + options.getPermutations()));
    settings.add(Map.entry("Entropy of the default estimator", entropy(options.getEntropy())));
    settings.add(
        Map.entry("Policy for the begin token", run.run().plan().promptOptions().bos().text()));
    settings.add(
        Map.entry(
            "Chat template",
            run.run().plan().promptOptions().chatTemplate() ? "used" : "not used"));
    Model model = run.run().model(ModelSlot.RUN);
    settings.add(
        Map.entry("Run on", RuntimeNames.device(model) + " in " + RuntimeNames.computeType(model)));
    settings.add(
        Map.entry("A head is degenerate below", options.getDegenerateBelowNats() + " nats"));
    settings.add(Map.entry("A layer is unstable above", "" + options.getUnstableAbove()));
    settings.add(Map.entry("Significance level", "" + options.getSignificanceLevel()));
    run.software()
        .properties()
        .forEach(
            each ->
                settings.add(Map.entry(each.getKey().replace('_', ' '), each.getValue().asText())));
    return ReportTable.of(settings)
        .text("Setting", Map.Entry::getKey)
        .text("Value", Map.Entry::getValue)
        .build();
  }

  private static String entropy(EntropyKind kind) {
    return EntropyNames.name(
        kind == EntropyKind.ENTROPY_KIND_UNSPECIFIED ? EntropyKind.ENTROPY_KIND_EXACT : kind);
  }

  private static String parity(Parity parity) {
    return switch (parity) {
      case PARITY_SUPPORTED -> "supported";
      case PARITY_DEGRADED -> "degraded";
      case PARITY_WRONG -> "wrong";
      case PARITY_UNVERIFIED, PARITY_UNSPECIFIED, UNRECOGNIZED -> "unverified";
    };
  }

  private static Optional<String> quantisationNote(Model model) {
    return Optional.of(model.getQuantisationList())
        .filter(types -> !types.isEmpty())
        .map(
            types ->
                "The weights of model %s were quantised (%s): these numbers are those of the quantised model."
                    .formatted(model.getName(), String.join(", ", types)));
  }

  private static Optional<String> note(Model model) {
    return switch (model.getParity()) {
      case PARITY_SUPPORTED -> Optional.empty();
      case PARITY_DEGRADED ->
          Optional.of(
              "Model %s agreed with its checkpoint only roughly.".formatted(model.getName()));
      case PARITY_WRONG ->
          Optional.of(
              "Model %s computes something else than its checkpoint: these numbers are not the checkpoint's."
                  .formatted(model.getName()));
      case PARITY_UNVERIFIED, PARITY_UNSPECIFIED, UNRECOGNIZED ->
          Optional.of(
              "Model %s was not verified against its checkpoint.".formatted(model.getName()));
    };
  }
}

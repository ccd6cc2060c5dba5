package org.rolescope.orchestrator.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rolescope.orchestrator.artifacts.ModelPart;
import org.rolescope.orchestrator.client.RoleOptionsMessage;
import org.rolescope.orchestrator.execute.RunStatus;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.plan.RoleCategoryNames;
import org.rolescope.orchestrator.report.FinishedRun;
import org.rolescope.orchestrator.report.Verdict;
import org.rolescope.orchestrator.runstore.Checkpoint;
import org.rolescope.orchestrator.runstore.RunFolder;
import org.rolescope.orchestrator.runstore.StoredRun;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.ConfoundReport;

/**
 * What is known of a run beside its numbers.
 *
 * @param run the run
 * @param models base first
 * @param options {@code RoleOptions} with defaults filled in, without the categories
 * @param roles which category plays which part
 * @param categories in order
 * @param prompts in order
 * @param verdict paragraphs; empty for a single model or a run that is not complete
 * @param confounds {@code ConfoundReport}; empty where it was not made
 * @param artifacts files for people, sorted
 */
public record RunDetail(
    RunSummary run,
    List<ModelInfo> models,
    JsonNode options,
    Roles roles,
    List<String> categories,
    List<PromptInfo> prompts,
    List<String> verdict,
    Optional<JsonNode> confounds,
    List<Artifact> artifacts) {
  /**
   * Which category plays which part.
   *
   * @param self prompts about the model itself
   * @param neutral prompts about nobody
   * @param confounder prompts about the user
   */
  public record Roles(String self, String neutral, String confounder) {
    static Roles of(RoleCategoryNames names) {
      return new Roles(names.self(), names.neutral(), names.confounder());
    }
  }

  /**
   * Describes a run.
   *
   * @param status where it stands
   * @param stored what it was started with
   * @param finished the same run where it is complete
   */
  public static RunDetail of(RunStatus status, StoredRun stored, Optional<FinishedRun> finished) {
    RunFolder folder = new RunFolder(status.folder(), status.family());
    Map<String, CaptureStarted> started = new LinkedHashMap<>();
    List<ModelInfo> models = new ArrayList<>();
    stored
        .models()
        .forEach(
            (slot, model) -> {
              String part = ModelPart.of(slot, stored.plan().compares());
              models.add(ModelInfo.of(part, model));
              started(folder, slot).ifPresent(tokens -> started.put(part, tokens));
            });
    return new RunDetail(
        RunSummary.of(status, stored),
        models,
        MessageJson.of(
            finished
                .map(FinishedRun::options)
                .orElseGet(() -> RoleOptionsMessage.of(stored.plan()))
                .toBuilder()
                .clearCategories()
                .build(),
            "categories"),
        Roles.of(stored.plan().roleSettings().roles()),
        stored.plan().promptSet().categoryOfEachPrompt().stream().distinct().toList(),
        PromptInfo.of(stored.plan().promptSet(), started),
        finished.filter(FinishedRun::compares).map(Verdict::paragraphs).orElse(List.of()),
        finished.flatMap(RunDetail::confounds),
        Artifact.of(status, finished));
  }

  private static Optional<CaptureStarted> started(RunFolder folder, ModelSlot slot) {
    Path file = folder.started(slot);
    return Files.exists(file)
        ? Optional.of(Checkpoint.read(file, CaptureStarted.parser()))
        : Optional.empty();
  }

  private static Optional<JsonNode> confounds(FinishedRun run) {
    boolean known =
        run.compares()
            ? run.results().getComparison().hasConfounds()
            : run.results().getRoles().hasConfounds();
    ConfoundReport report =
        run.compares()
            ? run.results().getComparison().getConfounds()
            : run.results().getRoles().getConfounds();
    return known ? Optional.of(MessageJson.of(report)) : Optional.empty();
  }
}

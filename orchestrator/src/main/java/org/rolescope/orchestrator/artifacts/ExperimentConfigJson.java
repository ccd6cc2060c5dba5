package org.rolescope.orchestrator.artifacts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.rolescope.orchestrator.json.Json;
import org.rolescope.orchestrator.plan.EntropyName;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.plan.PlanJson;
import org.rolescope.orchestrator.plan.PromptCategory;
import org.rolescope.orchestrator.plan.PromptOptions;
import org.rolescope.orchestrator.plan.PromptSet;
import org.rolescope.orchestrator.plan.PromptSetJson;
import org.rolescope.orchestrator.plan.RunPlan;
import org.rolescope.orchestrator.runstore.RuntimeNames;
import org.rolescope.orchestrator.runstore.StoredRun;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.Model;
import org.rolescope.v1.Tap;

/**
 * {@code experiment_config.json}: everything that led to the numbers beside it: plan with every
 * default spelled out, models and prompt set with their digests, what verification of the models
 * had found by then, types their weights were quantised to where they were, estimators, software.
 */
public final class ExperimentConfigJson {
  private static final int SCHEMA_VERSION = 1;

  private ExperimentConfigJson() {}

  /**
   * Writes the file and closes the stream.
   *
   * @param run plan and models
   * @param slot the model the file lies beside
   * @param software what orchestrated
   * @param started how the prompts became tokens and what ran the model, as the inference service
   *     gave it
   */
  public static void write(
      OutputStream out, StoredRun run, ModelSlot slot, Software software, CaptureStarted started)
      throws IOException {
    RunPlan plan = run.plan();
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("schema_version", SCHEMA_VERSION);
    root.put("run_id", run.id().text());
    root.put("family", plan.family());
    root.put("measured", slot.folderName());
    ObjectNode models = root.putObject("models");
    run.models().forEach((each, model) -> models.set(each.folderName(), model(model)));
    root.set("prompt_set", promptSet(plan.promptSet()));
    root.set("prompt_options", promptOptions(plan.promptOptions(), started));
    root.set("role_options", PlanJson.writeOptions(plan.roleSettings()));
    root.put("skip_raw_patterns", plan.skipRawPatterns());
    root.put("max_batch_prompts", plan.maxBatchPrompts());
    root.set("estimators", estimators(plan.roleSettings().entropy(), run.model(slot)));
    root.set("software", software(software, started.getRuntime()));
    Json.pretty(out, root);
  }

  /** A model, by everything that tells it from others. */
  static ObjectNode model(Model model) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("name", model.getName());
    node.put("architecture", model.getArchitecture());
    node.put("digest", model.getDigest());
    node.put("parity", parity(model));
    node.put("device", RuntimeNames.device(model));
    node.put("compute_type", RuntimeNames.computeType(model));
    if (model.getQuantisationCount() > 0) {
      ArrayNode types = node.putArray("quantisation");
      model.getQuantisationList().forEach(types::add);
    }
    return node;
  }

  /** What verification had found when the run began. */
  private static String parity(Model model) {
    return switch (model.getParity()) {
      case PARITY_SUPPORTED -> "supported";
      case PARITY_DEGRADED -> "degraded";
      case PARITY_WRONG -> "wrong";
      case PARITY_UNVERIFIED, PARITY_UNSPECIFIED, UNRECOGNIZED -> "unverified";
    };
  }

  static ObjectNode promptSet(PromptSet promptSet) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("name", promptSet.name());
    node.put("digest", PromptSetJson.digest(promptSet));
    ObjectNode counts = node.putObject("prompt_counts");
    for (PromptCategory category : promptSet.categories()) {
      counts.put(category.name(), category.prompts().size());
    }
    return node;
  }

  /** The begin token is null where none stands first. */
  static ObjectNode promptOptions(PromptOptions options, CaptureStarted started) {
    ObjectNode node = PlanJson.writeOptions(options);
    String begin = started.getBeginToken();
    node.put("begin_token", begin.isEmpty() ? null : begin);
    return node;
  }

  private static ObjectNode estimators(EntropyName byDefault, Model model) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    ArrayNode entropies = node.putArray("entropies");
    Arrays.stream(EntropyName.values())
        .filter(kind -> kind != EntropyName.NORM_WEIGHTED || offersValueNorms(model))
        .forEach(kind -> entropies.add(kind.text()));
    node.putArray("layer_values")
        .add("reference: mean over heads of the per-head value, from reference entropy")
        .add(
            "default: ratio of sums over heads, stratified bootstrap over prompts, from %s entropy"
                .formatted(byDefault.text()))
        .add("controls: the default from every kind of entropy, with the same resamples");
    return node;
  }

  private static boolean offersValueNorms(Model model) {
    return model.getTapsList().contains(Tap.TAP_VALUE_NORM);
  }

  /** The software that orchestrated, and what ran the model. */
  static ObjectNode software(Software software, String runtime) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("rolescope", software.rolescope());
    node.put("java", software.java());
    node.put("operating_system", software.operatingSystem());
    node.put("architecture", software.architecture());
    node.put("runtime", runtime);
    return node;
  }
}

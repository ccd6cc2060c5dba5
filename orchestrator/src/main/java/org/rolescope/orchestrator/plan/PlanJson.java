package org.rolescope.orchestrator.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.Optional;

/**
 * A plan as JSON, with every default spelled out and keys in a fixed order. Only prompt options are
 * left out where they are the default, so that plans from before there were any keep their ids.
 */
public final class PlanJson {
  private PlanJson() {}

  /** Writes a plan. */
  public static ObjectNode write(RunPlan plan) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("family", plan.family());
    root.put("base_model", plan.baseModel());
    root.put("instruct_model", plan.instructModel().orElse(null));
    root.set("prompt_set", PromptSetJson.write(plan.promptSet()));
    root.set("role_options", writeOptions(plan.roleSettings()));
    root.put("skip_raw_patterns", plan.skipRawPatterns());
    root.put("max_batch_prompts", plan.maxBatchPrompts());
    if (!plan.promptOptions().equals(PromptOptions.DEFAULT)) {
      root.set("prompt_options", writeOptions(plan.promptOptions()));
    }
    return root;
  }

  /** Writes prompt options. */
  public static ObjectNode writeOptions(PromptOptions options) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("bos", options.bos().text());
    root.put("chat_template", options.chatTemplate());
    return root;
  }

  /** Writes role options. */
  public static ObjectNode writeOptions(RoleSettings settings) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode roles = root.putObject("roles");
    roles.put("self", settings.roles().self());
    roles.put("neutral", settings.roles().neutral());
    roles.put("confounder", settings.roles().confounder());
    root.put("bootstrap_resamples", settings.bootstrapResamples());
    root.put("permutations", settings.permutations());
    root.put("seed", new BigInteger(Long.toUnsignedString(settings.seed())));
    root.put("degenerate_below_nats", settings.degenerateBelowNats());
    root.put("unstable_above", settings.unstableAbove());
    root.put("significance_level", settings.significanceLevel());
    root.put("entropy", settings.entropy().text());
    return root;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where it is no valid plan
   */
  public static RunPlan read(JsonNode root) {
    return new RunPlan(
        root.path("family").asText(),
        root.path("base_model").asText(),
        Optional.ofNullable(root.path("instruct_model").textValue()),
        PromptSetJson.read(root.path("prompt_set"), "the stored plan"),
        readOptions(root.path("role_options")),
        root.path("skip_raw_patterns").asBoolean(),
        root.path("max_batch_prompts").asInt(),
        readPromptOptions(root.path("prompt_options")));
  }

  private static PromptOptions readPromptOptions(JsonNode root) {
    return new PromptOptions(
        BosPolicy.of(root.path("bos").asText()), root.path("chat_template").asBoolean());
  }

  private static RoleSettings readOptions(JsonNode root) {
    JsonNode roles = root.path("roles");
    return new RoleSettings(
        new RoleCategoryNames(
            roles.path("self").asText(),
            roles.path("neutral").asText(),
            roles.path("confounder").asText()),
        root.path("bootstrap_resamples").asInt(),
        root.path("permutations").asInt(),
        root.path("seed").bigIntegerValue().longValue(),
        root.path("degenerate_below_nats").asDouble(),
        root.path("unstable_above").asDouble(),
        root.path("significance_level").asDouble(),
        EntropyName.of(root.path("entropy").asText()));
  }
}

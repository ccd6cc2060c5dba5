package org.rolescope.orchestrator.artifacts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.util.List;
import org.rolescope.orchestrator.json.Json;
import org.rolescope.orchestrator.plan.AblationNames;
import org.rolescope.orchestrator.plan.InterventionPlan;
import org.rolescope.orchestrator.plan.PlanJson;
import org.rolescope.v1.AblatedSite;
import org.rolescope.v1.Ablation;
import org.rolescope.v1.AblationMethod;
import org.rolescope.v1.AnswerTexts;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.NamedIntervention;

/**
 * {@code intervention_config.json}: what was done in an intervention, in the study's words, and
 * everything else that led to the numbers beside it.
 */
public final class InterventionConfigJson {
  private static final int SCHEMA_VERSION = 1;

  private InterventionConfigJson() {}

  /**
   * Writes the file and closes the stream.
   *
   * @param id id of the ablation run
   * @param named the intervention the file lies beside
   * @param plan the plan it is part of
   * @param started how the prompts became tokens and what ran the model, as the inference service
   *     gave it
   * @param software what orchestrated
   */
  public static void write(
      OutputStream out,
      String id,
      NamedIntervention named,
      InterventionPlan plan,
      CaptureStarted started,
      Software software)
      throws IOException {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("schema_version", SCHEMA_VERSION);
    root.put("id", id);
    root.put("family", plan.family());
    root.put("name", named.getName());
    root.set("ablations", ablations(named.getAblationsList()));
    root.set("model", ExperimentConfigJson.model(started.getModel()));
    root.set("prompt_set", ExperimentConfigJson.promptSet(plan.promptSet()));
    root.set("prompt_options", ExperimentConfigJson.promptOptions(plan.promptOptions(), started));
    root.set("role_options", PlanJson.writeOptions(plan.roleSettings()));
    root.set("answers", answers(plan.answers()));
    root.put("max_batch_prompts", plan.maxBatchPrompts());
    root.set("software", ExperimentConfigJson.software(software, started.getRuntime()));
    Json.pretty(out, root);
  }

  /** The head is null where all of a layer, or an MLP, are meant; only random ways have a seed. */
  private static ArrayNode ablations(List<Ablation> ablations) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (Ablation ablation : ablations) {
      ObjectNode node = list.addObject();
      node.put("type", ablation.getSite() == AblatedSite.ABLATED_SITE_MLP ? "mlp" : "attention");
      node.put("layer", ablation.getLayer());
      node.put("head", ablation.hasHead() ? ablation.getHead() : null);
      node.put("method", AblationNames.method(ablation.getMethod()));
      if (isRandom(ablation.getMethod())) {
        node.put("seed", new BigInteger(Long.toUnsignedString(ablation.getSeed())));
      }
    }
    return list;
  }

  private static boolean isRandom(AblationMethod method) {
    return method == AblationMethod.ABLATION_METHOD_RANDOM
        || method == AblationMethod.ABLATION_METHOD_REFERENCE_RANDOM;
  }

  private static ArrayNode answers(List<AnswerTexts> answers) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    answers.forEach(answer -> list.addArray().add(answer.getFirst()).add(answer.getSecond()));
    return list;
  }
}

package org.rolescope.orchestrator.artifacts;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.rolescope.orchestrator.json.Json;
import org.rolescope.v1.PatchResults;
import org.rolescope.v1.SweepStarted;

/**
 * {@code patching_config.json}: everything that led to the numbers beside it: plan with every
 * default spelled out, models with their digests, software.
 */
public final class PatchingConfigJson {
  private static final int SCHEMA_VERSION = 1;

  private PatchingConfigJson() {}

  /**
   * Writes the file and closes the stream.
   *
   * @param results plan and models
   * @param software what orchestrated
   * @param started how the prompts became tokens and what ran the models, as the inference service
   *     gave it
   */
  public static void write(
      OutputStream out, PatchResults results, Software software, SweepStarted started)
      throws IOException {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("schema_version", SCHEMA_VERSION);
    root.put("id", results.getId());
    ObjectNode models = root.putObject("models");
    models.set("source", ExperimentConfigJson.model(results.getSourceModel()));
    models.set("target", ExperimentConfigJson.model(results.getTargetModel()));
    String plan =
        JsonFormat.printer()
            .preservingProtoFieldNames()
            .alwaysPrintFieldsWithNoPresence()
            .print(results.getPlan());
    root.set("plan", Json.read(plan.getBytes(StandardCharsets.UTF_8)));
    String begin = started.getTarget().getBeginToken();
    root.put("begin_token", begin.isEmpty() ? null : begin);
    root.set("software", ExperimentConfigJson.software(software, started.getTarget().getRuntime()));
    Json.pretty(out, root);
  }
}

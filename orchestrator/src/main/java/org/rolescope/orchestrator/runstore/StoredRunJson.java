package org.rolescope.orchestrator.runstore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.rolescope.orchestrator.json.Json;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.plan.PlanJson;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.plan.RunPlan;
import org.rolescope.v1.Model;

/** {@code plan.json}: format version, plan, and the models by the folder they are measured into. */
final class StoredRunJson {
  private StoredRunJson() {}

  static void write(OutputStream out, StoredRun run) throws IOException {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("format_version", RunId.FORMAT_VERSION);
    root.put("run_id", run.id().text());
    root.set("plan", PlanJson.write(run.plan()));
    ObjectNode models = root.putObject("models");
    for (Map.Entry<ModelSlot, Model> model : run.models().entrySet()) {
      models.set(model.getKey().folderName(), writeModel(model.getValue()));
    }
    Json.pretty(out, root);
  }

  static StoredRun read(byte[] bytes) throws IOException {
    JsonNode root = Json.read(bytes);
    RunPlan plan = PlanJson.read(root.path("plan"));
    SortedMap<ModelSlot, Model> models = new TreeMap<>();
    for (ModelSlot slot : plan.models().keySet()) {
      models.put(slot, readModel(root.path("models").path(slot.folderName())));
    }
    return new StoredRun(plan, models);
  }

  private static JsonNode writeModel(Model model) throws IOException {
    String json = JsonFormat.printer().preservingProtoFieldNames().print(model);
    return Json.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static Model readModel(JsonNode json) throws IOException {
    Model.Builder model = Model.newBuilder();
    JsonFormat.parser().ignoringUnknownFields().merge(json.toString(), model);
    return model.build();
  }
}

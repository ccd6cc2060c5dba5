package org.rolescope.orchestrator.artifacts;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import org.rolescope.orchestrator.json.Json;
import org.rolescope.orchestrator.plan.PromptSet;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.EntropyTable;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.Model;
import org.rolescope.v1.TokenizedPrompt;

/**
 * {@code activations.json}: the entropy of every layer, head and prompt of one model, with the
 * prompts as the model saw them. Written layer by layer, never held as a whole.
 */
public final class ActivationsJson {
  private static final int SCHEMA_VERSION = 1;

  private final JsonGenerator json;

  private ActivationsJson(JsonGenerator json) {
    this.json = json;
  }

  /**
   * Writes the file and closes the stream.
   *
   * @param model the model
   * @param promptSet the prompts
   * @param started the tokens of every prompt
   * @param layers the entropies of every layer, in order
   */
  public static void write(
      OutputStream out,
      Model model,
      PromptSet promptSet,
      CaptureStarted started,
      Iterator<LayerEntropies> layers)
      throws IOException {
    try (JsonGenerator json = Json.generator(out)) {
      ActivationsJson writer = new ActivationsJson(json);
      json.writeStartObject();
      json.writeNumberField("schema_version", SCHEMA_VERSION);
      writer.model(model);
      writer.prompts(promptSet, started.getPromptsList());
      json.writeArrayFieldStart("layers");
      while (layers.hasNext()) {
        writer.layer(layers.next());
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private void model(Model model) throws IOException {
    json.writeObjectFieldStart("model");
    json.writeStringField("name", model.getName());
    json.writeStringField("digest", model.getDigest());
    json.writeStringField("architecture", model.getArchitecture());
    json.writeNumberField("layer_count", model.getLayerCount());
    json.writeNumberField("head_count", model.getHeadCount());
    json.writeNumberField("key_value_head_count", model.getKeyValueHeadCount());
    json.writeNumberField("head_size", model.getHeadSize());
    json.writeNumberField("hidden_size", model.getHiddenSize());
    json.writeNumberField("vocabulary_size", model.getVocabularySize());
    json.writeNumberField("context_length", model.getContextLength());
    json.writeNumberField("parameter_count", model.getParameterCount());
    json.writeEndObject();
  }

  private void prompts(PromptSet promptSet, List<TokenizedPrompt> tokenized) throws IOException {
    List<String> texts = promptSet.texts();
    List<String> categories = promptSet.categoryOfEachPrompt();
    json.writeArrayFieldStart("prompts");
    for (int index = 0; index < texts.size(); index++) {
      json.writeStartObject();
      json.writeNumberField("index", index);
      json.writeStringField("category", categories.get(index));
      json.writeStringField("text", texts.get(index));
      tokens(tokenized.get(index));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void tokens(TokenizedPrompt prompt) throws IOException {
    json.writeArrayFieldStart("token_ids");
    for (long id : prompt.getTokenIdsList()) {
      json.writeNumber(id);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("tokens");
    for (String token : prompt.getTokensList()) {
      json.writeString(token);
    }
    json.writeEndArray();
  }

  private void layer(LayerEntropies layer) throws IOException {
    json.writeStartObject();
    json.writeNumberField("layer", layer.getLayer());
    json.writeNumberField("head_count", layer.getHeadCount());
    json.writeArrayFieldStart("query_counts");
    for (int count : layer.getQueryCountsList()) {
      json.writeNumber(count);
    }
    json.writeEndArray();
    table("entropy_reference_nats", layer, EntropyKind.ENTROPY_KIND_REFERENCE);
    table("entropy_exact_nats", layer, EntropyKind.ENTROPY_KIND_EXACT);
    json.writeEndObject();
  }

  /** Writes a table as [head][prompt]. */
  private void table(String field, LayerEntropies layer, EntropyKind kind) throws IOException {
    List<Double> nats =
        layer.getTablesList().stream()
            .filter(table -> table.getKind() == kind)
            .findFirst()
            .map(EntropyTable::getNatsList)
            .orElse(List.of());
    int promptCount = layer.getQueryCountsCount();
    json.writeArrayFieldStart(field);
    for (int first = 0; first < nats.size(); first += promptCount) {
      json.writeStartArray();
      for (double value : nats.subList(first, first + promptCount)) {
        json.writeNumber(value);
      }
      json.writeEndArray();
    }
    json.writeEndArray();
  }
}

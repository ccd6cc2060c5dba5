package org.rolescope.orchestrator.artifacts;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.rolescope.orchestrator.json.Json;
import org.rolescope.orchestrator.plan.PromptSet;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.EntropyTable;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.Model;
import org.rolescope.v1.TokenizedPrompt;

/**
 * {@code activations.json}: the entropy of every layer, head and prompt of one model, by every kind
 * that was measured, and its attention to the first and last keys, with the prompts as the model
 * saw them. Written layer by layer, never held as a whole.
 */
public final class ActivationsJson {
  private static final int SCHEMA_VERSION = 1;

  /** Keys at either end of a prompt whose attention is measured. */
  private static final int KEYS = 3;

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
      if (!tokenized.get(index).getRendered().isEmpty()) {
        json.writeStringField("rendered", tokenized.get(index).getRendered());
      }
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
    counts("query_counts", layer.getQueryCountsList());
    tables(layer);
    if (layer.hasKeyAttention()) {
      keyAttention("key_attention_first", layer, layer.getKeyAttention().getFirstList());
      keyAttention("key_attention_last", layer, layer.getKeyAttention().getLastList());
    }
    json.writeEndObject();
  }

  /** Writes every table there is, in the order of the kinds. */
  private void tables(LayerEntropies layer) throws IOException {
    for (EntropyKind kind : EntropyKind.values()) {
      Optional<String> name = name(kind);
      for (EntropyTable table : layer.getTablesList()) {
        if (name.isPresent() && table.getKind() == kind) {
          String unit = kind == EntropyKind.ENTROPY_KIND_LENGTH_NORMALISED ? "" : "_nats";
          json.writeArrayFieldStart("entropy_" + name.get() + unit);
          nested(table.getNatsList(), layer.getQueryCountsCount());
          json.writeEndArray();
          if (table.getQueryCountsCount() > 0) {
            counts("query_counts_" + name.get(), table.getQueryCountsList());
          }
        }
      }
    }
  }

  private static Optional<String> name(EntropyKind kind) {
    return switch (kind) {
      case ENTROPY_KIND_REFERENCE -> Optional.of("reference");
      case ENTROPY_KIND_EXACT -> Optional.of("exact");
      case ENTROPY_KIND_LENGTH_NORMALISED -> Optional.of("length_normalised");
      case ENTROPY_KIND_SINK_EXCLUDED -> Optional.of("sink_excluded");
      case ENTROPY_KIND_POSITION_MATCHED -> Optional.of("position_matched");
      case ENTROPY_KIND_NORM_WEIGHTED -> Optional.of("norm_weighted");
      case ENTROPY_KIND_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }

  /** Writes attention to keys as [head][prompt][key]. */
  private void keyAttention(String field, LayerEntropies layer, List<Double> attention)
      throws IOException {
    int headValues = layer.getQueryCountsCount() * KEYS;
    json.writeArrayFieldStart(field);
    for (int first = 0; first < attention.size(); first += headValues) {
      json.writeStartArray();
      nested(attention.subList(first, first + headValues), KEYS);
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private void counts(String field, List<Integer> counts) throws IOException {
    json.writeArrayFieldStart(field);
    for (int count : counts) {
      json.writeNumber(count);
    }
    json.writeEndArray();
  }

  /** Writes arrays of so many values each. JSON has no NaN, so that is null. */
  private void nested(List<Double> values, int each) throws IOException {
    for (int first = 0; first < values.size(); first += each) {
      json.writeStartArray();
      for (double value : values.subList(first, first + each)) {
        if (Double.isNaN(value)) {
          json.writeNull();
        } else {
          json.writeNumber(value);
        }
      }
      json.writeEndArray();
    }
  }
}

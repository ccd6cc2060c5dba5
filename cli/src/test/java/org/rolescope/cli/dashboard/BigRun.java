package org.rolescope.cli.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Random;

/** What the API would say of a run of 32 layers, made of what it says of a small one. */
final class BigRun {
  static final int LAYERS = 32;
  static final int HEADS = 32;
  static final int PROMPTS = 120;
  static final int TOKENS = 512;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SEED = 7;

  private BigRun() {}

  /** Heads of a small run, over and over. */
  static ObjectNode heads(JsonNode small) {
    ObjectNode heads = small.deepCopy();
    heads.put("layer_count", LAYERS).put("head_count", HEADS);
    ArrayNode rows = heads.putArray("heads");
    for (int i = 0; i < LAYERS * HEADS; i++) {
      ObjectNode row = small.get("heads").get(i % small.get("heads").size()).deepCopy();
      rows.add(row.put("layer", i / HEADS).put("head", i % HEADS));
    }
    return heads;
  }

  /** Layers of a small run, over and over. */
  static ObjectNode layers(JsonNode small) {
    ObjectNode layers = small.deepCopy();
    ArrayNode rows = layers.putArray("layers");
    for (int layer = 0; layer < LAYERS; layer++) {
      ObjectNode row = small.get("layers").get(layer % small.get("layers").size()).deepCopy();
      rows.add(row.put("layer", layer));
    }
    return layers;
  }

  /** Rows of the first layer of a small run, for every layer. */
  static ObjectNode categories(JsonNode small) {
    ObjectNode categories = small.deepCopy();
    for (String name : new String[] {"rows", "differences"}) {
      ArrayNode rows = categories.putArray(name);
      for (int layer = 0; layer < LAYERS; layer++) {
        for (JsonNode row : small.get(name)) {
          if (row.get("layer").asInt() == 0) {
            rows.add(((ObjectNode) row.deepCopy()).put("layer", layer));
          }
        }
      }
    }
    return categories;
  }

  /** Rows of the first head of a small run, for every head. */
  static ObjectNode keyAttention(JsonNode small) {
    ObjectNode keys = small.deepCopy();
    ArrayNode rows = keys.putArray("rows");
    for (int i = 0; i < LAYERS * HEADS; i++) {
      for (JsonNode row : small.get("rows")) {
        if (row.get("head").asInt() == 0) {
          rows.add(((ObjectNode) row.deepCopy()).put("layer", i / HEADS).put("head", i % HEADS));
        }
      }
    }
    return keys;
  }

  static ObjectNode entropies() {
    Random random = new Random(SEED);
    ObjectNode entropies = JSON.createObjectNode().put("layer", 0).put("head", 0);
    ObjectNode parts = entropies.putObject("parts");
    for (String part : new String[] {"base", "instruct"}) {
      ArrayNode values = parts.putArray(part);
      random.doubles(PROMPTS).forEach(values::add);
    }
    return entropies;
  }

  /** A causal pattern whose rows add up to one. */
  static ObjectNode pattern() {
    Random random = new Random(SEED);
    ByteBuffer bytes =
        ByteBuffer.allocate(TOKENS * TOKENS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    ArrayNode tokens = JSON.createArrayNode();
    for (int query = 0; query < TOKENS; query++) {
      tokens.add("token" + query);
      float[] row = new float[query + 1];
      float sum = 0;
      for (int key = 0; key <= query; key++) {
        row[key] = (float) Math.pow(random.nextFloat(), 8);
        sum += row[key];
      }
      for (int key = 0; key <= query; key++) {
        bytes.putFloat((query * TOKENS + key) * Float.BYTES, row[key] / sum);
      }
    }
    ObjectNode pattern = JSON.createObjectNode().put("size", TOKENS);
    pattern.put("pattern", Base64.getEncoder().encodeToString(bytes.array()));
    return pattern.set("tokens", tokens);
  }
}

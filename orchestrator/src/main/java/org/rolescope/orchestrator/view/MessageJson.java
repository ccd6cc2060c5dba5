package org.rolescope.orchestrator.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.rolescope.orchestrator.json.Json;

/** Messages of the contract as views hold them: names as there, NaN as {@code null}. */
final class MessageJson {
  /** What protobuf writes for numbers that are not finite. */
  private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

  private MessageJson() {}

  /** A message, every field of it but those left out by name. */
  static JsonNode of(MessageOrBuilder message, String... leftOut) {
    try {
      String json =
          JsonFormat.printer()
              .preservingProtoFieldNames()
              .alwaysPrintFieldsWithNoPresence()
              .print(message);
      JsonNode node = Json.read(json.getBytes(StandardCharsets.UTF_8));
      for (String field : leftOut) {
        ((ObjectNode) node).remove(field);
      }
      return finite(node);
    } catch (IOException impossible) {
      throw new IllegalArgumentException("a message that is no JSON", impossible);
    }
  }

  private static JsonNode finite(JsonNode node) {
    if (node.isTextual() && NOT_FINITE.contains(node.textValue())) {
      return NullNode.instance;
    }
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        field.setValue(finite(field.getValue()));
      }
    } else if (node instanceof ArrayNode array) {
      for (int index = 0; index < array.size(); index++) {
        array.set(index, finite(array.get(index)));
      }
    }
    return node;
  }
}

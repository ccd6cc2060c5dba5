package org.rolescope.metrics.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.stream.StreamSupport;

/** Golden values made by the scripts under reference/; each file names the versions. */
public final class Golden {
  private Golden() {}

  /** The root of a file under src/test/resources/golden. */
  public static JsonNode read(String name) {
    try (InputStream stream = Golden.class.getResourceAsStream("/golden/" + name)) {
      return new ObjectMapper().readTree(stream);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** A list of numbers. */
  public static double[] doubles(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  /** A list of integers. */
  public static int[] integers(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  /** A list of float32 numbers. */
  public static float[] floats(JsonNode list) {
    float[] values = new float[list.size()];
    for (int index = 0; index < values.length; index++) {
      values[index] = (float) list.get(index).asDouble();
    }
    return values;
  }

  /** A list of truth values. */
  public static boolean[] booleans(JsonNode list) {
    boolean[] values = new boolean[list.size()];
    for (int index = 0; index < values.length; index++) {
      values[index] = list.get(index).asBoolean();
    }
    return values;
  }
}

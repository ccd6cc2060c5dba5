package org.rolescope.export.checkpoint;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.rolescope.export.file.Wording;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * {@code model.safetensors.index.json}: which tensor is in which file. Its file names are hostile:
 * each must be a plain name that ends in {@code .safetensors}.
 *
 * @param file the index
 * @param shards name of the file of each tensor
 */
public record ShardIndex(Path file, Map<String, String> shards) {
  private static final long MAX_SIZE_BYTES = 64L << 20;
  private static final int MAX_SHARDS = 10_000;
  private static final int MAX_NAME_LENGTH = 255;
  private static final String SUFFIX = ".safetensors";
  private static final String MAP = "weight_map";

  /** Copies the map. */
  public ShardIndex {
    requireNonNull(file, "file is null");
    // Not Map.copyOf: names chosen to collide would make its lookups slow.
    shards = Collections.unmodifiableMap(new TreeMap<>(shards));
  }

  /**
   * Reads an index.
   *
   * @throws RolescopeException MALFORMED_MODEL where it is not as it should be
   */
  public static ShardIndex read(Path file) {
    JsonNode map = JsonFiles.readObject(file, MAX_SIZE_BYTES).get(MAP);
    if (!(map instanceof ObjectNode tensors)) {
      throw malformed(file, MAP + " is no JSON object");
    }
    if (tensors.isEmpty()) {
      throw malformed(file, MAP + " is empty");
    }
    Map<String, String> shards = new HashMap<>();
    tensors
        .properties()
        .forEach(tensor -> shards.put(tensor.getKey(), plainName(file, tensor.getValue())));
    return new ShardIndex(file, shards);
  }

  /** The files it names. */
  public SortedSet<String> fileNames() {
    return new TreeSet<>(shards.values());
  }

  private static String plainName(Path file, JsonNode value) {
    String name = value.isTextual() ? value.asText() : "";
    boolean plain =
        name.endsWith(SUFFIX)
            && name.length() > SUFFIX.length()
            && name.length() <= MAX_NAME_LENGTH
            && !name.startsWith(".")
            && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
    if (!plain) {
      throw malformed(file, "%s is not the plain name of a %s file".formatted(value, SUFFIX));
    }
    return name;
  }

  /**
   * Opens the files the index names, in the order of their names, and checks that every tensor is
   * where the index says and nowhere else.
   *
   * @throws RolescopeException NOT_FOUND where a file is missing, MALFORMED_MODEL where one is
   *     damaged or a tensor is missing or there twice
   */
  List<WeightShard> open(Path folder) {
    SortedSet<String> names = fileNames();
    if (names.size() > MAX_SHARDS) {
      throw malformed(
          file, "it names %d files, at most %d are allowed".formatted(names.size(), MAX_SHARDS));
    }
    List<WeightShard> opened = new ArrayList<>();
    Map<String, String> found = new TreeMap<>();
    for (String name : names) {
      WeightShard shard = WeightShard.open(folder, name);
      for (String tensor : new TreeSet<>(shard.content().tensors().keySet())) {
        String other = found.putIfAbsent(tensor, name);
        if (other != null) {
          throw malformed(file, "tensor %s is both in %s and in %s".formatted(tensor, other, name));
        }
      }
      opened.add(shard);
    }
    checkPlaces(found);
    return List.copyOf(opened);
  }

  private void checkPlaces(Map<String, String> found) {
    shards.forEach(
        (tensor, name) -> {
          if (!name.equals(found.get(tensor))) {
            throw malformed(
                file, "it says that tensor %s is in %s but it is not".formatted(tensor, name));
          }
        });
  }

  private static RolescopeException malformed(Path file, String reason) {
    return new RolescopeException(
        FaultCode.MALFORMED_MODEL,
        "The index %s is damaged: %s; download the checkpoint again"
            .formatted(file, Wording.oneLine(reason)));
  }
}

package org.rolescope.export.hub;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What the hub says of a model, checked.
 *
 * @param commit the commit a revision stands for
 * @param files entries of the files, by name; sizes and checksums are checked when they are asked
 *     for, since most files are not needed
 */
record ModelListing(String commit, Map<String, JsonNode> files, HubFaults faults) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SHA_1 = Pattern.compile("[0-9a-f]{40}");

  ModelListing {
    files = Collections.unmodifiableMap(new TreeMap<>(files));
  }

  /** Reads the hub's answer. */
  static ModelListing read(byte[] json, HubFaults faults) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (IOException invalid) {
      throw faults.badAnswer("it is no JSON");
    }
    String commit = root.path("sha").asText();
    if (!HubModel.isCommit(commit)) {
      throw faults.badAnswer("its commit is \"%s\"".formatted(commit));
    }
    if (!root.path("siblings").isArray()) {
      throw faults.badAnswer("it lists no files");
    }
    Map<String, JsonNode> files = new TreeMap<>();
    for (JsonNode entry : root.path("siblings")) {
      String name = entry.path("rfilename").asText();
      if (leadsElsewhere(name)) {
        throw faults.badAnswer(
            "it lists a file \"%s\", which no file may be called".formatted(name));
      }
      if (files.put(name, entry) != null) {
        throw faults.badAnswer("it lists the file %s twice".formatted(name));
      }
    }
    return new ModelListing(commit, files, faults);
  }

  /** Whether a name would lead out of a folder, or is made to be misread. */
  private static boolean leadsElsewhere(String name) {
    if (name.chars().anyMatch(Character::isISOControl)) {
      return true;
    }
    for (String part : name.split("[/\\\\]", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return true;
      }
    }
    return name.matches("[A-Za-z]:.*");
  }

  /** Size and checksum of a listed file. */
  HubFile file(String name, HubCache cache) {
    JsonNode entry = files.get(name);
    JsonNode large = entry.path("lfs");
    boolean isLarge = large.isObject();
    JsonNode size = isLarge ? large.path("size") : entry.path("size");
    String checksum = (isLarge ? large.path("sha256") : entry.path("blobId")).asText();
    if (!size.isIntegralNumber() || !size.canConvertToLong() || size.longValue() < 0) {
      throw faults.badAnswer("the size of %s is %s".formatted(name, size));
    }
    if (!(isLarge ? SHA_256 : SHA_1).matcher(checksum).matches()) {
      throw faults.badAnswer("the checksum of %s is \"%s\"".formatted(name, checksum));
    }
    return cache.state(commit, name, size.longValue(), checksum);
  }
}

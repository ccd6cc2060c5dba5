package org.rolescope.inference.grpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A checkpoint with what Hugging Face transformers made of it; reference/golden holds the script
 * and says how.
 *
 * @param folder the checkpoint, with case.json, expected.npz and value_norm.npz beside its files
 * @param layers transformer blocks
 * @param texts prompts
 * @param tokenIds their ids, prompt by prompt
 */
record GoldenCase(Path folder, int layers, List<String> texts, List<List<Long>> tokenIds) {
  private static final Path FOLDER = Path.of("src/test/resources/golden");

  /** Copies the prompts. */
  GoldenCase {
    texts = List.copyOf(texts);
    tokenIds = tokenIds.stream().map(List::copyOf).toList();
  }

  /** Names of all cases, in order. */
  static List<String> names() {
    try (Stream<Path> folders = Files.list(FOLDER)) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The case of this name. */
  static GoldenCase read(String name) {
    Path folder = FOLDER.resolve(name);
    try {
      JsonNode json = new ObjectMapper().readTree(folder.resolve("case.json").toFile());
      List<String> texts = new ArrayList<>();
      List<List<Long>> tokenIds = new ArrayList<>();
      for (JsonNode prompt : json.get("prompts")) {
        texts.add(prompt.get("text").asText());
        List<Long> ids = new ArrayList<>();
        prompt.get("ids").forEach(id -> ids.add(id.asLong()));
        tokenIds.add(ids);
      }
      return new GoldenCase(folder, json.get("layers").asInt(), texts, tokenIds);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The arrays that were expected; close them. */
  GoldenArrays expected() {
    return new GoldenArrays(folder);
  }
}

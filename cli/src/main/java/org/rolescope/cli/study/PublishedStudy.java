package org.rolescope.cli.study;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.json.Json;
import org.rolescope.orchestrator.plan.PromptSet;
import org.rolescope.orchestrator.plan.PromptSets;
import org.rolescope.v1.LayerSeries;

/**
 * The published study's files.
 *
 * @param tables the comparison table of each family, and of Qwen's later run
 * @param results {@code cross_model_analysis_results.json}
 * @param resultsFile where that lies
 * @param prompts its prompts
 */
public record PublishedStudy(
    Map<String, LayerTable> tables, JsonNode results, Path resultsFile, PromptSet prompts) {
  /** The families the published results are about. */
  static final List<String> FAMILIES = List.of("llama", "mistral", "qwen");

  /** Qwen once more with all prompts; published later, and in no results file. */
  static final String LATER_RUN = "qwen_30prompts";

  private static final String RFC_DIFFERENCE = "rfc_diff";

  /** Copies the tables, in order. */
  public PublishedStudy {
    tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
    requireNonNull(results, "results is null");
    requireNonNull(resultsFile, "resultsFile is null");
    requireNonNull(prompts, "prompts is null");
  }

  /**
   * Reads the files of a folder.
   *
   * @throws RolescopeException NOT_FOUND or INVALID_ARGUMENT where a file is missing or damaged
   */
  public static PublishedStudy read(Path folder) {
    Map<String, LayerTable> tables = new LinkedHashMap<>();
    List<String> names = new ArrayList<>(FAMILIES);
    names.add(LATER_RUN);
    for (String name : names) {
      tables.put(name, LayerTable.read(folder.resolve("comparison_" + name + ".csv")));
    }
    Path results = folder.resolve("cross_model_analysis_results.json");
    return new PublishedStudy(
        tables, json(results), results, PromptSets.read(folder.resolve("prompts.json")));
  }

  /** The RFC differences of each table. */
  public List<LayerSeries> differences() {
    return tables.entrySet().stream()
        .map(table -> table.getValue().series(table.getKey(), RFC_DIFFERENCE))
        .toList();
  }

  /**
   * A published number.
   *
   * @param path keys from the root on
   * @throws RolescopeException INVALID_ARGUMENT where there is none
   */
  double number(List<String> path) {
    JsonNode node = results;
    for (String key : path) {
      node = node.path(key);
    }
    if (!node.isNumber()) {
      throw TextFile.malformed(resultsFile, "has no number at " + String.join(".", path));
    }
    return node.asDouble();
  }

  private static JsonNode json(Path file) {
    try {
      return Json.read(TextFile.read(file).getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException noJson) {
      String reason = noJson.getOriginalMessage().lines().findFirst().orElse("damaged");
      throw TextFile.malformed(file, "is no valid JSON (" + reason + ")");
    } catch (IOException noJson) {
      throw TextFile.malformed(file, "is no valid JSON");
    }
  }
}

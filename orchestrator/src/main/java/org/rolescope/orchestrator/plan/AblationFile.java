package org.rolescope.orchestrator.plan;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.rolescope.v1.AblatedSite;
import org.rolescope.v1.Ablation;
import org.rolescope.v1.AblationMethod;
import org.rolescope.v1.NamedIntervention;

/**
 * A file of ablations in the published study's JSON: a list of entries with {@code type}, {@code
 * layer}, {@code head} or null, and {@code method}; or of named lists of such entries ({@code
 * interventions}). Each is an intervention by itself, and its folder is named as the study names
 * it; one that several lists name is done once. Beyond the study, an entry may hold {@code
 * ablations}, which are done at once.
 */
public final class AblationFile {
  private static final Set<String> ABLATION_KEYS =
      Set.of("name", "description", "type", "layer", "head", "method", "seed");
  private static final Set<String> GROUP_KEYS =
      Set.of("name", "description", "interventions", "ablations");

  private final String source;
  private final Map<String, NamedIntervention> found = new LinkedHashMap<>();

  private AblationFile(String source) {
    this.source = requireNonNull(source, "source is null");
  }

  /**
   * Reads the interventions of a file, in order.
   *
   * @throws org.rolescope.fault.RolescopeException NOT_FOUND where there is no such file,
   *     INVALID_ARGUMENT where it is no plan
   */
  public static List<NamedIntervention> read(Path file) {
    UserFile user = new UserFile(file, "Plan file", "JSON", "check the path");
    JsonNode root = user.json();
    AblationFile plan = new AblationFile(user.words());
    Invalid.unless(
        root.isArray() && !root.isEmpty(),
        "%s holds no list of interventions; write at least one, such as [{\"type\": \"attention\", \"layer\": 0, \"head\": 3, \"method\": \"zero_out\"}]",
        sentence(plan.source));
    plan.list(root, "", false);
    return List.copyOf(plan.found.values());
  }

  /** Takes the entries of a list, each with a name of its own. */
  private void list(JsonNode entries, String within, boolean group) {
    Set<String> names = new HashSet<>();
    Set<String> folders = new HashSet<>();
    for (int index = 0; index < entries.size(); index++) {
      JsonNode entry = entries.get(index);
      String where = "entry %d%s of %s".formatted(index + 1, within, source);
      Invalid.unless(entry.isObject(), "%s is no object; write it in braces", sentence(where));
      if (entry.has("name")) {
        String name = text(entry, "name", where);
        Invalid.unless(
            names.add(name),
            "%s has the name %s, which stands there already; rename or remove one",
            sentence(where),
            name);
      }
      if (entry.has("interventions")) {
        Invalid.unless(!group, "%s is a list in a list; keep one level", sentence(where));
        checkKeys(entry, GROUP_KEYS, where);
        list(array(entry, "interventions", where), " in list %d".formatted(index + 1), true);
      } else {
        NamedIntervention intervention = intervention(entry, where);
        Invalid.unless(
            folders.add(intervention.getName()),
            "%s is %s, which stands there already; remove one of them",
            sentence(where),
            intervention.getName());
        add(intervention, where);
      }
    }
  }

  private void add(NamedIntervention intervention, String where) {
    NamedIntervention earlier = found.putIfAbsent(intervention.getName(), intervention);
    Invalid.unless(
        earlier == null || earlier.equals(intervention),
        "%s is called %s like another intervention that does something else; rename it, or use the same seed",
        sentence(where),
        intervention.getName());
  }

  private static NamedIntervention intervention(JsonNode entry, String where) {
    if (entry.has("ablations")) {
      checkKeys(entry, GROUP_KEYS, where);
      return together(entry, where);
    }
    Ablation ablation = ablation(entry, where);
    return NamedIntervention.newBuilder()
        .setName(AblationNames.folder(ablation))
        .addAblations(ablation)
        .build();
  }

  /** Ablations that are done at once, by their own name or those of all of them joined. */
  private static NamedIntervention together(JsonNode entry, String where) {
    List<Ablation> ablations = new ArrayList<>();
    for (JsonNode each : array(entry, "ablations", where)) {
      ablations.add(ablation(each, where));
    }
    String joined = ablations.stream().map(AblationNames::folder).collect(Collectors.joining("-"));
    return NamedIntervention.newBuilder()
        .setName(entry.has("name") ? text(entry, "name", where) : joined)
        .addAllAblations(ablations)
        .build();
  }

  private static Ablation ablation(JsonNode entry, String where) {
    checkKeys(entry, ABLATION_KEYS, where);
    Ablation.Builder ablation =
        Ablation.newBuilder()
            .setSite(site(text(entry, "type", where), where))
            .setLayer(index(entry, "layer", where))
            .setMethod(method(text(entry, "method", where), where));
    if (entry.hasNonNull("head")) {
      ablation.setHead(index(entry, "head", where));
    }
    if (entry.has("seed")) {
      ablation.setSeed(index(entry, "seed", where));
    }
    return ablation.build();
  }

  private static AblatedSite site(String type, String where) {
    return switch (type) {
      case "attention" -> AblatedSite.ABLATED_SITE_ATTENTION;
      case "mlp" -> AblatedSite.ABLATED_SITE_MLP;
      default ->
          throw Invalid.because("%s has the type %s; use attention or mlp", sentence(where), type);
    };
  }

  private static AblationMethod method(String name, String where) {
    return AblationNames.method(name)
        .orElseThrow(
            () ->
                Invalid.because(
                    "%s has the method %s; use one of %s",
                    sentence(where), name, AblationNames.allMethods()));
  }

  private static String text(JsonNode entry, String key, String where) {
    checkThere(entry, key, where);
    Invalid.unless(
        entry.get(key).isTextual(),
        "%s has the %s %s, which is no text; put it in quotes",
        sentence(where),
        key,
        entry.get(key));
    return entry.get(key).textValue();
  }

  private static int index(JsonNode entry, String key, String where) {
    checkThere(entry, key, where);
    JsonNode value = entry.get(key);
    Invalid.unless(
        value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 0,
        "%s has the %s %s; give a whole number from 0",
        sentence(where),
        key,
        value);
    return value.intValue();
  }

  private static JsonNode array(JsonNode entry, String key, String where) {
    JsonNode list = entry.get(key);
    Invalid.unless(
        list.isArray() && !list.isEmpty(),
        "%s has no %s; write a list with at least one",
        sentence(where),
        key);
    return list;
  }

  private static void checkThere(JsonNode entry, String key, String where) {
    Invalid.unless(entry.hasNonNull(key), "%s has no %s; add it", sentence(where), key);
  }

  private static void checkKeys(JsonNode entry, Set<String> known, String where) {
    Invalid.unless(entry.isObject(), "%s holds what is no object; use braces", sentence(where));
    entry
        .fieldNames()
        .forEachRemaining(
            key ->
                Invalid.unless(
                    known.contains(key),
                    "%s has the key %s, which means nothing here; use %s",
                    sentence(where),
                    key,
                    known.stream().sorted().collect(Collectors.joining(", "))));
  }

  private static String sentence(String words) {
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}

package org.rolescope.orchestrator.plan;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is doubtful about a prompt set before anything is measured with it. None of it makes the set
 * unusable.
 *
 * @param set the prompts
 * @param roles which category plays which part
 */
public record PromptSetCheck(PromptSet set, RoleCategoryNames roles) {
  /**
   * Checks that the set has the categories the roles need.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where it has not
   */
  public PromptSetCheck {
    requireNonNull(set, "set is null");
    requireNonNull(roles, "roles is null");
    roles.checkIn(set);
  }

  /** A prompt by its place. */
  private record Place(String category, int position, String text) {
    String words() {
      return "prompt %d of %s".formatted(position + 1, category);
    }

    /** The text with other case and white space made equal. */
    String folded() {
      return text.strip().replaceAll("\\s+", " ").toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A sentence for each doubt, in a fixed order; empty where there is none.
   *
   * @param lengths lengths of the prompts in every unit known
   */
  public List<String> warnings(List<Lengths> lengths) {
    List<String> warnings = new ArrayList<>();
    confounder(warnings);
    sizes(warnings);
    repetitions(warnings);
    whiteSpace(warnings);
    lengths.forEach(each -> lengths(each, warnings));
    return warnings;
  }

  private void confounder(List<String> warnings) {
    if (!set.hasCategory(roles.confounder())) {
      warnings.add(
          "There is no category %s, so there will be no RSI; name another with --confounder or add it."
              .formatted(roles.confounder()));
    }
  }

  private void sizes(List<String> warnings) {
    int self = set.category(roles.self()).prompts().size();
    for (PromptCategory category : set.categories()) {
      int size = category.prompts().size();
      if (size != self) {
        warnings.add(
            "Category %s has %d prompts and %s has %d; prompts of equal position are paired, so paired statistics leave out what is over."
                .formatted(roles.self(), self, category.name(), size));
      }
      if (size < 2) {
        warnings.add(
            "Category %s has a single prompt, so nothing can be said of its spread; add more."
                .formatted(category.name()));
      }
    }
  }

  private void repetitions(List<String> warnings) {
    Map<String, List<Place>> equal = new LinkedHashMap<>();
    for (Place place : places()) {
      equal.computeIfAbsent(place.folded(), text -> new ArrayList<>()).add(place);
    }
    for (List<Place> places : equal.values()) {
      Place first = places.getFirst();
      for (Place other : places.subList(1, places.size())) {
        String how =
            other.text().equals(first.text()) ? "the same" : "the same but for case or spaces";
        warnings.add(
            "%s and %s are %s (%s); replace one."
                .formatted(capitalised(first.words()), other.words(), how, first.text().strip()));
      }
    }
  }

  private void whiteSpace(List<String> warnings) {
    for (Place place : places()) {
      if (!place.text().strip().equals(place.text())) {
        warnings.add(
            "%s begins or ends with white space, which the model sees; remove it."
                .formatted(capitalised(place.words())));
      }
    }
  }

  private void lengths(Lengths lengths, List<String> warnings) {
    Lengths.Difference difference = lengths.difference(roles.self(), roles.neutral());
    if (!difference.isBalanced()) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "Prompts of %s are on average %.2f %s %s than those of %s (p = %.4f); entropy grows with length, so RFC partly measures that.",
              roles.self(),
              Math.abs(difference.ofMeans()),
              lengths.unit(),
              difference.ofMeans() < 0 ? "shorter" : "longer",
              roles.neutral(),
              difference.pValue()));
    }
  }

  private List<Place> places() {
    List<Place> places = new ArrayList<>();
    for (PromptCategory category : set.categories()) {
      for (int position = 0; position < category.prompts().size(); position++) {
        places.add(new Place(category.name(), position, category.prompts().get(position)));
      }
    }
    return places;
  }

  private static String capitalised(String words) {
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}

package org.rolescope.orchestrator.view;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rolescope.orchestrator.plan.PromptSet;
import org.rolescope.v1.CaptureStarted;

/**
 * A prompt of a run.
 *
 * @param index place among all prompts
 * @param category its category
 * @param number place in the category
 * @param text its text
 * @param tokenCounts how many tokens each model made of it, by its part
 */
public record PromptInfo(
    int index, String category, int number, String text, Map<String, Integer> tokenCounts) {
  /**
   * All prompts of a set.
   *
   * @param tokenized what each model made of them, by its part; those that did not begin are
   *     missing
   */
  static List<PromptInfo> of(PromptSet set, Map<String, CaptureStarted> tokenized) {
    List<String> texts = set.texts();
    List<String> categories = set.categoryOfEachPrompt();
    Map<String, Integer> numbers = new HashMap<>();
    List<PromptInfo> prompts = new ArrayList<>();
    for (int index = 0; index < texts.size(); index++) {
      Map<String, Integer> tokenCounts = new LinkedHashMap<>();
      for (Map.Entry<String, CaptureStarted> model : tokenized.entrySet()) {
        tokenCounts.put(model.getKey(), model.getValue().getPrompts(index).getTokenIdsCount());
      }
      String category = categories.get(index);
      int number = numbers.merge(category, 1, Integer::sum) - 1;
      prompts.add(new PromptInfo(index, category, number, texts.get(index), tokenCounts));
    }
    return prompts;
  }
}

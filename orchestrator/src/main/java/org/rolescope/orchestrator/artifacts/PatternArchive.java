package org.rolescope.orchestrator.artifacts;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import org.rolescope.orchestrator.plan.PromptSet;

/**
 * {@code raw_blocks_<layer>_attn_pattern.npz}: the attention patterns of one layer, one array a
 * prompt since prompts differ in length, named {@code activations_000} and up, float32, axes [head,
 * query_pos, key_pos]. Beside them the texts {@code prompts} and {@code categories}, one a prompt,
 * and {@code activation_name}.
 */
public final class PatternArchive {
  private PatternArchive() {}

  /**
   * Writes the archive of a layer and closes the stream.
   *
   * @param layer the layer, counting from 0
   * @param promptSet the prompts
   * @param patterns the pattern of each prompt, in order of the prompts
   */
  public static void write(
      OutputStream out, int layer, PromptSet promptSet, List<PromptPattern> patterns)
      throws IOException {
    try (NpzWriter archive = new NpzWriter(out)) {
      for (int prompt = 0; prompt < patterns.size(); prompt++) {
        String name = String.format(Locale.ROOT, "activations_%03d", prompt);
        archive.add(name, patterns.get(prompt).array());
      }
      archive.add("prompts", NpyArray.texts(promptSet.texts()));
      archive.add("categories", NpyArray.texts(promptSet.categoryOfEachPrompt()));
      archive.add("activation_name", NpyArray.text("blocks." + layer + ".attn.hook_pattern"));
    }
  }
}

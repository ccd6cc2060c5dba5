package org.rolescope.inference.intervene;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * What an intervention does to one prompt of a batch.
 *
 * @param values inputs of the change, which are filled
 * @param row row of the prompt in the batch
 * @param intervention the intervention
 * @param place place of the prompt among those the intervention changes
 * @param tokenIds token ids of the prompt
 * @param source what patches from the source run take
 */
record RowChange(
    ChangeValues values,
    int row,
    ResolvedIntervention intervention,
    int place,
    List<Long> tokenIds,
    SourceValues source) {
  /** Fills the inputs. */
  void apply() {
    switch (intervention.site()) {
      case Site.MlpScale(float factor) -> values.scaleTokens(row, factor);
      case Site.MlpPatch(Patch patch) -> values.patchTokens(row, floats(patch));
      case Site.ResidualPatch(Patch patch) -> values.patchTokens(row, floats(patch));
      case Site.Heads(_, HeadMethod method) -> {
        for (int index = 0; index < intervention.heads().size(); index++) {
          changeHead(method, index);
        }
      }
    }
  }

  /**
   * Changes one head.
   *
   * @param index place of the head among those the intervention changes
   */
  private void changeHead(HeadMethod method, int index) {
    int head = intervention.heads().get(index);
    int length = tokenIds.size();
    switch (method) {
      case HeadMethod.ScaledPattern(float factor) -> values.scaleHead(row, head, factor);
      case HeadMethod.Uniform() -> values.patchPattern(row, head, _ -> 0f);
      case HeadMethod.Random(long seed) -> {
        float[] scores = scores(seed, head);
        values.patchPattern(row, head, at -> scores[at]);
      }
      case HeadMethod.ReferenceUniform() -> values.patchPattern(row, head, _ -> 1f / length);
      case HeadMethod.ReferenceRandom(long seed) -> {
        float[] pattern = RandomAttention.softmax(scores(seed, head), length);
        values.patchPattern(row, head, at -> pattern[at]);
      }
      case HeadMethod.PatternPatch(Patch patch) -> {
        FloatBuffer from = floats(patch);
        int first = headsOfValues().indexOf(head) * length * length;
        values.patchPattern(row, head, at -> from.get(first + at));
      }
      case HeadMethod.ZPatch(Patch patch) -> {
        List<Integer> heads = headsOfValues();
        values.patchZ(row, head, floats(patch), heads.indexOf(head), heads.size());
      }
      case HeadMethod.ConstantZ constant -> values.fillZ(row, head, constant.floats(), index);
    }
  }

  /** The values a patch puts there for this prompt. */
  private FloatBuffer floats(Patch patch) {
    return intervention
        .sourceSite()
        .map(site -> source.of(site, place))
        .orElseGet(() -> patch.floats(place));
  }

  /** The heads a patch has values of, in their order. */
  private List<Integer> headsOfValues() {
    return intervention.sourceSite().map(source::heads).orElseGet(intervention::heads);
  }

  private float[] scores(long seed, int head) {
    return RandomAttention.scores(seed, intervention.layer(), head, tokenIds);
  }
}

package org.rolescope.inference.forward;

import java.util.ArrayList;
import java.util.List;
import org.rolescope.inference.intervene.VariantRow;
import org.rolescope.inference.session.StageTensor;
import org.rolescope.inference.tokenizer.TokenizedPrompt;

/**
 * The batches of a group of variants. A row is a prompt under a variant; it joins its batch, with
 * the residual stream of the target run, at the first stage that its variant changes. Rows stand in
 * the order in which they join, so that a batch grows at its end.
 */
final class VariantBatches implements AutoCloseable {
  /** The variant and the prompt of each row, and the stage at which it joins. */
  private final List<VariantRow> rows = new ArrayList<>();

  private final List<Integer> stages = new ArrayList<>();

  /** The batches as they are once all rows have joined; prompt indices are numbers of rows. */
  private final List<PromptBatch> whole;

  private final BatchStates states;

  /**
   * Batches that have no rows yet.
   *
   * @param group the variants
   * @param target the model and its prompts
   * @param limit how many rows may share a batch
   */
  VariantBatches(SweepGroup group, ModelPrompts target, BatchLimit limit) {
    List<TokenizedPrompt> prompts = new ArrayList<>();
    for (SweepGroup.Member member : group.members()) {
      for (int prompt = 0; prompt < target.prompts().size(); prompt++) {
        TokenizedPrompt tokens = target.prompts().get(prompt);
        // A single token stands there twice, as in a target run that rounds steadily.
        for (int copy = 0; copy < (tokens.length() == 1 ? 2 : 1); copy++) {
          prompts.add(tokens);
          rows.add(new VariantRow(member.variant(), prompt));
          stages.add(member.stage());
        }
      }
    }
    whole = PromptBatch.cutSteadily(prompts, limit);
    states = BatchStates.of(whole, target.manifest(), true);
  }

  /** Number of batches. */
  int count() {
    return whole.size();
  }

  /** The variant and the prompt of a row. */
  VariantRow row(int number) {
    return rows.get(number);
  }

  /** The variants and prompts of the rows that a batch has so far. */
  List<VariantRow> rows(PromptBatch batch) {
    return batch.promptIndices().stream().map(this::row).toList();
  }

  /** The batches that have rows. */
  List<BatchState> begun() {
    List<BatchState> begun = new ArrayList<>();
    states.forEach(
        state -> {
          if (state.residual() != null) {
            begun.add(state);
          }
        });
    return begun;
  }

  /**
   * Lets the rows join that begin at a stage.
   *
   * @param stage place of the stage
   * @param target residual stream of the target run before it
   */
  void join(int stage, ResidualRows target) {
    int number = 0;
    for (BatchState state : states) {
      PromptBatch all = whole.get(number++);
      int before = state.residual() == null ? 0 : state.batch().size();
      int after =
          Math.toIntExact(
              all.promptIndices().stream().filter(row -> stages.get(row) <= stage).count());
      if (after > before) {
        List<Integer> prompts =
            all.promptIndices().subList(before, after).stream()
                .map(row -> row(row).prompt())
                .toList();
        StageTensor next =
            before == 0
                ? target.tensor(prompts, all.length())
                : target.behind(state.residual(), prompts, all.length());
        state.grow(all.first(after), next);
      }
    }
  }

  @Override
  public void close() {
    states.close();
  }
}

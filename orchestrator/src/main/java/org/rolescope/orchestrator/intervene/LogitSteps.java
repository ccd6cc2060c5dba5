package org.rolescope.orchestrator.intervene;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.rolescope.orchestrator.runstore.Checkpoint;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.CompareLogitsRequest;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.LogitComparison;

/**
 * Keeps the logits of the un-intervened run, and compares those under interventions with them. One
 * batch is in memory at a time.
 *
 * @param work the run
 */
record LogitSteps(AblationWork work) {
  LogitSteps {
    requireNonNull(work, "work is null");
  }

  /** Captures the un-intervened run, a file a prompt. */
  void captureClean() {
    capture(
        List.of(),
        batch -> {
          for (int index = 0; index < batch.promptIndices().size(); index++) {
            keep(batch, index);
          }
        });
    Checkpoint.write(work.folder().cleanLogitsDone(), CompareLogitsRequest.getDefaultInstance());
  }

  /** Next-token distributions of both runs, in prompt order. */
  List<LogitComparison> compare(List<Intervention> interventions) {
    LogitComparison[] comparisons = new LogitComparison[work.started().getPromptsCount()];
    capture(
        interventions,
        batch -> {
          List<Integer> prompts = batch.promptIndices();
          Iterator<CompareLogitsRequest> both =
              IntStream.range(0, prompts.size()).mapToObj(index -> both(batch, index)).iterator();
          List<LogitComparison> compared = work.services().metrics().compareLogits(both);
          for (int index = 0; index < prompts.size(); index++) {
            comparisons[prompts.get(index)] = compared.get(index);
          }
        });
    return Arrays.asList(comparisons);
  }

  private void capture(List<Intervention> interventions, Consumer<TensorView> batches) {
    LogitSink sink =
        new LogitSink(
            work.started().getPromptsCount(),
            work.model().getVocabularySize(),
            work::confirm,
            batches);
    work.services().inference().capture(work.requests().logits(interventions), sink);
    sink.finish();
  }

  private void keep(TensorView batch, int index) {
    int prompt = batch.promptIndices().get(index);
    CompareLogitsRequest.Builder logits =
        CompareLogitsRequest.newBuilder().addAllClean(LogitSink.of(batch, index));
    if (!work.answers().isEmpty()) {
      logits.setAnswers(work.answers().get(prompt));
    }
    Checkpoint.write(work.folder().cleanLogits(prompt), logits.build());
  }

  private CompareLogitsRequest both(TensorView batch, int index) {
    Path clean = work.folder().cleanLogits(batch.promptIndices().get(index));
    return Checkpoint.read(clean, CompareLogitsRequest.parser()).toBuilder()
        .addAllOther(LogitSink.of(batch, index))
        .build();
  }
}

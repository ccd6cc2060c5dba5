package org.rolescope.orchestrator.patch;

import static java.util.Objects.requireNonNull;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.rolescope.orchestrator.client.MetricsClient;
import org.rolescope.orchestrator.plan.Invalid;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.AnswerTokens;
import org.rolescope.v1.CompareLogitsRequest;
import org.rolescope.v1.LogitComparison;

/**
 * The measure m that patching moves, a number a pair; the metrics service computes it from logits.
 */
sealed interface Measure {
  /** Logits of the run patched from have come; they come first. */
  void from(TensorView logits);

  /** m of the run patched from, [pair]. */
  List<Double> source();

  /**
   * m of a run, [pair].
   *
   * @param logits [batch, vocab]
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where it is not finite
   */
  List<Double> of(TensorView logits);

  /**
   * The logit of the first answer minus that of the second. Of all logits those two are all that is
   * sent.
   */
  final class LogitDifference implements Measure {
    private final List<AnswerTokens> answers;
    private final MetricsClient metrics;
    private List<Double> source;

    /**
     * Prepares to measure.
     *
     * @param answers token ids of both answers, [pair]
     */
    LogitDifference(List<AnswerTokens> answers, MetricsClient metrics) {
      this.answers = List.copyOf(answers);
      this.metrics = requireNonNull(metrics, "metrics is null");
    }

    @Override
    public void from(TensorView logits) {
      source = of(logits);
    }

    @Override
    public List<Double> source() {
      return source;
    }

    @Override
    public List<Double> of(TensorView logits) {
      return numbers(
          metrics.compareLogits(
              IntStream.range(0, answers.size())
                  .mapToObj(pair -> message(logits, pair))
                  .iterator()),
          LogitComparison::getOtherLogitDifference);
    }

    private CompareLogitsRequest message(TensorView logits, int pair) {
      FloatBuffer all = logits.floatsOf(pair);
      List<Float> two =
          List.of(all.get(answers.get(pair).getFirst()), all.get(answers.get(pair).getSecond()));
      return CompareLogitsRequest.newBuilder()
          .addAllClean(two)
          .addAllOther(two)
          .setAnswers(AnswerTokens.newBuilder().setFirst(0).setSecond(1))
          .build();
    }
  }

  /** Minus the divergence from the run patched from, nats. */
  final class Divergence implements Measure {
    private final MetricsClient metrics;
    private List<CompareLogitsRequest> clean;

    Divergence(MetricsClient metrics) {
      this.metrics = requireNonNull(metrics, "metrics is null");
    }

    @Override
    public void from(TensorView logits) {
      clean =
          IntStream.range(0, logits.promptIndices().size())
              .mapToObj(
                  pair -> {
                    CompareLogitsRequest.Builder message = CompareLogitsRequest.newBuilder();
                    FloatBuffer row = logits.floatsOf(pair);
                    while (row.hasRemaining()) {
                      message.addClean(row.get());
                    }
                    return message.build();
                  })
              .toList();
    }

    @Override
    public List<Double> source() {
      return clean.stream().map(pair -> 0.0).toList();
    }

    @Override
    public List<Double> of(TensorView logits) {
      return numbers(
          metrics.compareLogits(
              IntStream.range(0, clean.size()).mapToObj(pair -> message(logits, pair)).iterator()),
          // 0 - 0 is 0, but minus 0 is another number.
          comparison -> 0 - comparison.getKlNats());
    }

    private CompareLogitsRequest message(TensorView logits, int pair) {
      CompareLogitsRequest.Builder message = clean.get(pair).toBuilder();
      FloatBuffer row = logits.floatsOf(pair);
      while (row.hasRemaining()) {
        message.addOther(row.get());
      }
      return message.build();
    }
  }

  private static List<Double> numbers(
      List<LogitComparison> comparisons, ToDoubleFunction<LogitComparison> of) {
    double[] numbers = comparisons.stream().mapToDouble(of).toArray();
    for (int pair = 0; pair < numbers.length; pair++) {
      Invalid.unless(
          Double.isFinite(numbers[pair]),
          "The measure of pair %d is %s; leave that pair out",
          pair + 1,
          numbers[pair]);
    }
    return Arrays.stream(numbers).boxed().toList();
  }
}

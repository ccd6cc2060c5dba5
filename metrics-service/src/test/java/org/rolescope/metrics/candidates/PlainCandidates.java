package org.rolescope.metrics.candidates;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * METRICS §5 once more, in plain loops that share nothing with what they check.
 *
 * <p>Input: entropies in nats, [model][head][pair] for self and neutral prompts, model 0 being base
 * and model 1 instruct. Output: every column of the published table and ours, [head], in order of
 * input.
 */
final class PlainCandidates {
  private final double[][][] self;
  private final double[][][] neutral;
  private final Map<String, double[]> columns = new LinkedHashMap<>();

  PlainCandidates(double[][][] self, double[][][] neutral) {
    this.self = self;
    this.neutral = neutral;
    for (int head = 0; head < self[0].length; head++) {
      measure(head);
    }
    score();
  }

  /** Values of a column, [head]. */
  double[] column(String name) {
    return columns.get(name);
  }

  Iterable<String> names() {
    return columns.keySet();
  }

  private void measure(int head) {
    int pairs = self[0][head].length;
    double epsilon = 0.05 * median(self[0][head]);
    double[] selfDiff = new double[pairs];
    double[] neutralDiff = new double[pairs];
    double[] did = new double[pairs];
    double[] logRatio = new double[pairs];
    double[] didLogRatio = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      selfDiff[i] = self[1][head][i] - self[0][head][i];
      neutralDiff[i] = neutral[1][head][i] - neutral[0][head][i];
      did[i] = selfDiff[i] - neutralDiff[i];
      logRatio[i] = Math.log((self[1][head][i] + epsilon) / (self[0][head][i] + epsilon));
      didLogRatio[i] =
          logRatio[i] - Math.log((neutral[1][head][i] + epsilon) / (neutral[0][head][i] + epsilon));
    }
    put("self_base_median", head, median(self[0][head]));
    put("self_instruct_median", head, median(self[1][head]));
    put("neutral_base_median", head, median(neutral[0][head]));
    put("neutral_instruct_median", head, median(neutral[1][head]));
    put("self_diff_median", head, median(selfDiff));
    put("neutral_diff_median", head, median(neutralDiff));
    put("did_median", head, median(did));
    put("log_ratio_median", head, median(logRatio));
    put("did_log_ratio_median", head, median(didLogRatio));
    put("self_consistency", head, consistency(selfDiff));
    put("did_consistency", head, consistency(did));
    put("self_diff_iqr", head, percentile(selfDiff, 0.75) - percentile(selfDiff, 0.25));
    put("did_iqr", head, percentile(did, 0.75) - percentile(did, 0.25));
    put("log_ratio_iqr", head, percentile(logRatio, 0.75) - percentile(logRatio, 0.25));
    put("baseline_entropy", head, median(self[0][head]));
    put("n_self", head, pairs);
    put("n_neutral", head, pairs);
    put("wilcoxon_p_value", head, wilcoxon(did));
  }

  private void score() {
    int heads = self[0].length;
    double[] magnitude = new double[heads];
    double[] baseline = new double[heads];
    for (int head = 0; head < heads; head++) {
      magnitude[head] = Math.abs(column("did_log_ratio_median")[head]);
      baseline[head] = -column("baseline_entropy")[head];
    }
    columns.put("magnitude_score", zScores(magnitude));
    columns.put("consistency_score", zScores(column("did_consistency")));
    columns.put("baseline_score", zScores(baseline));
    for (int head = 0; head < heads; head++) {
      put(
          "composite_score",
          head,
          column("magnitude_score")[head]
              + column("consistency_score")[head]
              + column("baseline_score")[head]);
    }
    for (int head = 0; head < heads; head++) {
      int better = 0;
      for (int other = 0; other < heads; other++) {
        double ahead = column("composite_score")[other] - column("composite_score")[head];
        better += ahead > 0 || ahead == 0 && other < head ? 1 : 0;
      }
      put("rank", head, better + 1);
    }
    columns.put("q_value", qValues(column("wilcoxon_p_value")));
  }

  private void put(String name, int head, double value) {
    columns.computeIfAbsent(name, any -> new double[self[0].length])[head] = value;
  }

  private static double median(double[] values) {
    return percentile(values, 0.5);
  }

  private static double percentile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double place = share * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = (int) Math.ceil(place);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  private static double consistency(double[] values) {
    double above = 0;
    double below = 0;
    for (double value : values) {
      above += value > 0 ? 1.0 : 0.0;
      below += value < 0 ? 1.0 : 0.0;
    }
    return above / values.length > 0.5 ? above / values.length : below / values.length;
  }

  private static double[] zScores(double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double[] scores = new double[values.length];
    for (int index = 0; index < values.length; index++) {
      scores[index] = (values[index] - mean) / Math.sqrt(squares / (values.length - 1));
    }
    return scores;
  }

  /** Exact, for differences without zeros and ties: counts the sign patterns of each rank sum. */
  private static double wilcoxon(double[] values) {
    int pairs = values.length;
    int[] ranks = new int[pairs];
    int sum = 0;
    for (int i = 0; i < pairs; i++) {
      for (double other : values) {
        ranks[i] += Math.abs(other) <= Math.abs(values[i]) ? 1 : 0;
      }
      sum += values[i] > 0 ? ranks[i] : 0;
    }
    int most = pairs * (pairs + 1) / 2;
    double[] patterns = new double[most + 1];
    patterns[0] = 1;
    for (int rank = 1; rank <= pairs; rank++) {
      for (int total = most; total >= rank; total--) {
        patterns[total] += patterns[total - rank];
      }
    }
    double tail = 0;
    for (int total = 0; total <= Math.min(sum, most - sum); total++) {
      tail += patterns[total];
    }
    return Math.min(1, 2 * tail / Math.pow(2, pairs));
  }

  private static double[] qValues(double[] pValues) {
    double[] qValues = new double[pValues.length];
    for (int test = 0; test < pValues.length; test++) {
      qValues[test] = 1;
      for (double bound : pValues) {
        if (bound >= pValues[test]) {
          int rank = 0;
          for (double other : pValues) {
            rank += other <= bound ? 1 : 0;
          }
          qValues[test] = Math.min(qValues[test], bound * pValues.length / rank);
        }
      }
    }
    return qValues;
  }
}

package org.rolescope.bench.jmh;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.rolescope.bench.report.Figures;
import org.rolescope.bench.report.Table;

/**
 * Runs micro-benchmarks in a JVM of their own and compares each with the copy of its class.
 *
 * @param pattern regular expression over class and method names
 * @param seconds seconds of each measurement
 * @param iterations measurements of each benchmark
 */
public record JmhBench(String pattern, double seconds, int iterations) {
  private static final String FLOOR = "memoryCopy";
  private static final int WARMUP_ITERATIONS = 3;

  /** Runs and prints. */
  public void run(PrintWriter out) {
    Map<String, RunResult> results =
        results().stream()
            .collect(
                Collectors.toMap(
                    result -> key(result.getParams(), name(result.getParams())),
                    result -> result,
                    (first, _) -> first,
                    TreeMap::new));
    Table table =
        new Table(
            "Micro-benchmarks, mean of %d and error of the mean at 99.9%%".formatted(iterations),
            "",
            "us",
            "error",
            "of a copy");
    results.forEach((key, result) -> row(table, key, result, results));
    table.print(out);
  }

  private Collection<RunResult> results() {
    TimeValue time = TimeValue.milliseconds((long) (seconds * 1000));
    try {
      return new Runner(
              new OptionsBuilder()
                  .include("org\\.rolescope\\.bench\\.jmh\\..*(" + pattern + "|" + FLOOR + ")")
                  .forks(1)
                  .warmupIterations(WARMUP_ITERATIONS)
                  .warmupTime(time)
                  .measurementIterations(iterations)
                  .measurementTime(time)
                  .verbosity(VerboseMode.SILENT)
                  .build())
          .run();
    } catch (RunnerException failed) {
      throw new IllegalStateException("JMH failed: " + failed.getMessage(), failed);
    }
  }

  private static void row(
      Table table, String key, RunResult result, Map<String, RunResult> results) {
    Result<?> time = result.getPrimaryResult();
    RunResult floor = results.get(key(result.getParams(), FLOOR));
    table.row(
        key,
        String.format(Locale.ROOT, "%,.1f", time.getScore()),
        String.format(Locale.ROOT, "%,.1f", time.getScoreError()),
        floor == null ? "-" : Figures.ratio(time.getScore(), floor.getPrimaryResult().getScore()));
  }

  /** Class, parameters and method: what sorts a class's methods together. */
  private static String key(BenchmarkParams params, String method) {
    String className = params.getBenchmark().replaceAll(".*\\.(\\w+)Benchmark\\.\\w+$", "$1");
    String values =
        params.getParamsKeys().stream()
            .map(name -> name + " " + params.getParam(name))
            .collect(Collectors.joining(", "));
    return "%s (%s) %s".formatted(className, values, method);
  }

  private static String name(BenchmarkParams params) {
    return params.getBenchmark().replaceAll(".*\\.", "");
  }
}

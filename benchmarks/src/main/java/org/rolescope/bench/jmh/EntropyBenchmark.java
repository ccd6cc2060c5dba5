package org.rolescope.bench.jmh;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.rolescope.bench.stream.PatternSource;
import org.rolescope.metrics.entropy.ExactEntropy;
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.entropy.LayerMeasurement;
import org.rolescope.metrics.entropy.ReferenceEntropy;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.TensorView;

/** Entropies of all rows of a pattern tensor. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class EntropyBenchmark {
  /** Tokens of a prompt. */
  @Param({"8", "32"})
  public int tokens;

  private TensorView pattern;
  private ReferenceEntropy reference;
  private float[] row;
  private ByteBuffer copy;

  /** Makes a pattern. */
  @Setup
  public void makePattern() {
    pattern = new PatternSource(tokens).pattern(0);
    reference = new ReferenceEntropy(tokens);
    row = new float[tokens];
    copy = ByteBuffer.allocate(pattern.bytes().remaining());
  }

  /** Floor. */
  @Benchmark
  public ByteBuffer memoryCopy() {
    return copy.clear().put(pattern.bytes());
  }

  /** {@link ReferenceEntropy} of every row. */
  @Benchmark
  public double reference() {
    FloatBuffer floats = pattern.floats();
    double sum = 0;
    while (floats.hasRemaining()) {
      floats.get(row);
      sum += reference.nats(row);
    }
    return sum;
  }

  /** {@link ExactEntropy} of every row. */
  @Benchmark
  public double exact() {
    FloatBuffer floats = pattern.floats();
    double sum = 0;
    for (int query = 0; floats.hasRemaining(); query = (query + 1) % tokens) {
      floats.get(row);
      sum += ExactEntropy.nats(row, query + 1);
    }
    return sum;
  }

  /** All the metrics service does with a tensor: checks, both kinds, means. */
  @Benchmark
  public LayerEntropies measureLayer() {
    int prompts = pattern.promptIndices().size();
    LayerMeasurement measurement =
        new LayerMeasurement(
            0, pattern.shape().size(Axis.HEAD), Collections.nCopies(prompts, tokens));
    measurement.add(pattern);
    return measurement.finish();
  }
}

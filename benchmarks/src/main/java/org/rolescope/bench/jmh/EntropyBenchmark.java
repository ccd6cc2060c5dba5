package org.rolescope.bench.jmh;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.OptionalInt;
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
import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.metrics.entropy.LayerMeasurement;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.Shape;
import org.rolescope.tensors.TensorView;

/** All the metrics service does with a pattern tensor: checks, every kind of entropy, means. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class EntropyBenchmark {
  /** Tokens of a prompt. */
  @Param({"8", "13", "32", "128"})
  public int tokens;

  private TensorView pattern;
  private TensorView valueNorm;
  private ByteBuffer copy;

  /** Makes a pattern and value norms. */
  @Setup
  public void makeTensors() {
    pattern = new PatternSource(tokens).pattern(0);
    copy = ByteBuffer.allocate(pattern.bytes().remaining());
    Shape shape =
        Shape.of(
            new Axis(Axis.BATCH, pattern.promptIndices().size()),
            new Axis(Axis.HEAD, pattern.shape().size(Axis.HEAD)),
            new Axis(Axis.KEY_POS, tokens));
    ByteBuffer norms =
        ByteBuffer.allocate(Math.toIntExact(shape.elementCount() * Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int index = 0; norms.hasRemaining(); index++) {
      norms.putFloat(0.5f + index % tokens);
    }
    valueNorm =
        new TensorView(
            "value_norm", OptionalInt.of(0), shape, pattern.promptIndices(), norms.flip());
  }

  /** Floor. */
  @Benchmark
  public ByteBuffer memoryCopy() {
    return copy.clear().put(pattern.bytes());
  }

  /** Every kind that needs the pattern alone. */
  @Benchmark
  public LayerEntropies measureLayer() {
    LayerMeasurement measurement = begin();
    measurement.add(pattern);
    return measurement.finish();
  }

  /** The norm-weighted kind too. */
  @Benchmark
  public LayerEntropies measureLayerWithNorms() {
    LayerMeasurement measurement = begin();
    measurement.addValueNorm(valueNorm);
    measurement.add(pattern);
    return measurement.finish();
  }

  private LayerMeasurement begin() {
    int prompts = pattern.promptIndices().size();
    return new LayerMeasurement(
        0, pattern.shape().size(Axis.HEAD), Collections.nCopies(prompts, tokens));
  }
}

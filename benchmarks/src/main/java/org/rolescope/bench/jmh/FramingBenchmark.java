package org.rolescope.bench.jmh;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.TensorAssembler;
import org.rolescope.tensors.wire.TensorFrames;
import org.rolescope.v1.TensorChunk;
import org.rolescope.v1.TensorHeader;

/** A pattern tensor to frames and back, checksums included, without a transport between. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FramingBenchmark {
  /** Tokens of a prompt. */
  @Param({"8", "32"})
  public int tokens;

  private TensorView pattern;
  private ByteBuffer copy;
  private TensorHeader header;
  private List<TensorChunk> chunks;

  /** Makes a pattern and its frames. */
  @Setup
  public void makePattern() {
    pattern = new PatternSource(tokens).pattern(0);
    copy = ByteBuffer.allocate(pattern.bytes().remaining());
    header = TensorFrames.header(0, pattern);
    chunks = frame();
  }

  /** Floor. */
  @Benchmark
  public ByteBuffer memoryCopy() {
    return copy.clear().put(pattern.bytes());
  }

  /** Header and chunks. */
  @Benchmark
  public List<TensorChunk> cut() {
    header = TensorFrames.header(0, pattern);
    return frame();
  }

  /** Back to a tensor. */
  @Benchmark
  public Optional<TensorView> assemble() {
    TensorAssembler assembler = new TensorAssembler(Integer.MAX_VALUE);
    assembler.open(header);
    Optional<TensorView> complete = Optional.empty();
    for (TensorChunk chunk : chunks) {
      complete = assembler.add(chunk);
    }
    return complete;
  }

  private List<TensorChunk> frame() {
    List<TensorChunk> cut = new ArrayList<>();
    TensorFrames.chunks(0, pattern, cut::add);
    return cut;
  }
}

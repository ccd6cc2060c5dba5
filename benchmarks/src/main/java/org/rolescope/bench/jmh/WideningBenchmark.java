package org.rolescope.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.tensors.DType;

/**
 * Weights to float32 on one core, as each core of the inference service does before a stage runs.
 * The floor copies the float32 bytes that come out.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class WideningBenchmark {
  /** The service shows this loop to nobody; a bench is no reason for it to. */
  private static final MethodHandle TO_FLOAT32 = toFloat32();

  /** Number of weights: the key projection of an 8B model, and its query projection. */
  @Param({"4194304", "16777216"})
  public int weights;

  private Arena memory;
  private MemorySegment bfloat16;
  private MemorySegment binary16;
  private MemorySegment float32;
  private MemorySegment copy;

  /** Makes the weights. */
  @Setup
  public void makeWeights() {
    memory = Arena.ofShared();
    bfloat16 = memory.allocate((long) weights * Short.BYTES, 64);
    binary16 = memory.allocate((long) weights * Short.BYTES, 64);
    float32 = memory.allocate((long) weights * Float.BYTES, 64);
    copy = memory.allocate((long) weights * Float.BYTES, 64);
    Random random = new Random(1);
    for (int index = 0; index < weights; index++) {
      float value = random.nextFloat() - 0.5f;
      short bits = (short) (Float.floatToIntBits(value) >>> Short.SIZE);
      bfloat16.setAtIndex(ValueLayout.JAVA_SHORT, index, bits);
      binary16.setAtIndex(ValueLayout.JAVA_SHORT, index, Float.floatToFloat16(value));
    }
  }

  /** Frees them. */
  @TearDown
  public void freeWeights() {
    memory.close();
  }

  /** Floor. */
  @Benchmark
  public MemorySegment memoryCopy() {
    return copy.copyFrom(float32);
  }

  /** bfloat16 to float32. */
  @Benchmark
  public boolean bfloat16() throws Throwable {
    return (boolean) TO_FLOAT32.invokeExact(DType.BF16, bfloat16, float32);
  }

  /** binary16 to float32. */
  @Benchmark
  public boolean binary16() throws Throwable {
    return (boolean) TO_FLOAT32.invokeExact(DType.F16, binary16, float32);
  }

  private static MethodHandle toFloat32() {
    try {
      MethodHandles.Lookup lookup =
          MethodHandles.privateLookupIn(ModelResidency.class, MethodHandles.lookup());
      return lookup.findStatic(
          lookup.findClass(ModelResidency.class.getPackageName() + ".Widening"),
          "toFloat32",
          MethodType.methodType(
              boolean.class, DType.class, MemorySegment.class, MemorySegment.class));
    } catch (ReflectiveOperationException moved) {
      throw new ExceptionInInitializerError(moved);
    }
  }
}

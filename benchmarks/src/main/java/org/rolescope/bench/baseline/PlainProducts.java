package org.rolescope.bench.baseline;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.rolescope.bench.analysis.Analysis.BatchShape;
import org.rolescope.bench.checkpoint.ModelShape;
import org.rolescope.bench.machine.Cost;

/** Times the matrix products of a block, each as a graph of its own in float32. */
public final class PlainProducts {
  private static final int NOISE_ELEMENTS = 1 << 16;

  private PlainProducts() {}

  /**
   * Times all products of a block over all batches.
   *
   * @param shape the model
   * @param batches the batches as the service cut them
   * @param repetitions runs of each product, after one that does not count
   * @return a time for each kind of product
   */
  public static Collection<ProductTime> ofBlock(
      ModelShape shape, List<BatchShape> batches, int repetitions) {
    Map<String, ProductTime> times = new LinkedHashMap<>();
    Map<BatchShape, Long> counts =
        batches.stream()
            .collect(
                Collectors.groupingBy(
                    Function.identity(), LinkedHashMap::new, Collectors.counting()));
    counts.forEach(
        (batch, count) -> {
          for (MatrixProduct product : MatrixProduct.of(shape, batch)) {
            times.merge(
                product.name(),
                time(product, count * product.count(), repetitions),
                ProductTime::plus);
          }
        });
    return List.copyOf(times.values());
  }

  /** Multiplications and additions of all products of a block over all batches. */
  public static double operationsOfBlock(ModelShape shape, List<BatchShape> batches) {
    return batches.stream()
        .flatMap(batch -> MatrixProduct.of(shape, batch).stream())
        .mapToDouble(product -> product.operations() * product.count())
        .sum();
  }

  private static ProductTime time(MatrixProduct product, long count, int repetitions) {
    try (Arena memory = Arena.ofShared();
        SessionOptions options = OnnxSessions.plain();
        OrtSession session =
            OnnxSessions.environment().createSession(ProductGraph.of(product), options);
        OnnxTensor left = tensor(memory, product.left());
        OnnxTensor right = tensor(memory, product.right())) {
      Map<String, OnnxTensor> inputs = Map.of(ProductGraph.LEFT, left, ProductGraph.RIGHT, right);
      run(session, inputs);
      List<Cost> costs = new ArrayList<>();
      for (int repetition = 0; repetition < repetitions; repetition++) {
        costs.add(Cost.of(() -> run(session, inputs)));
      }
      return new ProductTime(
          product.name(), product.operations() * count, Cost.median(costs).times(count));
    } catch (OrtException failed) {
      throw new IllegalStateException("ONNX Runtime failed at " + product, failed);
    }
  }

  private static void run(OrtSession session, Map<String, OnnxTensor> inputs) {
    try {
      session.run(inputs).close();
    } catch (OrtException failed) {
      throw new IllegalStateException("ONNX Runtime failed at a product", failed);
    }
  }

  private static OnnxTensor tensor(Arena memory, List<Long> sizes) throws OrtException {
    long count = MatrixProduct.elementCount(sizes);
    MemorySegment floats = memory.allocate(count * Float.BYTES, 64);
    float[] noise = new float[NOISE_ELEMENTS];
    Random random = new Random(count);
    for (int index = 0; index < noise.length; index++) {
      noise[index] = (float) random.nextGaussian();
    }
    for (long start = 0; start < count; start += noise.length) {
      MemorySegment.copy(
          noise,
          0,
          floats,
          ValueLayout.JAVA_FLOAT,
          start * Float.BYTES,
          (int) Math.min(noise.length, count - start));
    }
    FloatBuffer buffer = floats.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
    return OnnxTensor.createTensor(OnnxSessions.environment(), buffer, MatrixProduct.sizes(sizes));
  }
}
